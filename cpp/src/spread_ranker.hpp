#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "item_emission.hpp"
#include "rank_sink.hpp"
#include "value_buckets.hpp"
#include "value_range.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Average ranks of values that are spread: nearly all of them differ, and an even map of their
/// range onto integers tells most apart. Such a key is packed above a name of the value, its
/// position or half its tag, in one 64-bit item; items are sorted, and where keys are too close to
/// tell, values are compared.
///
/// Names of very many values would leave keys so few bits that too many approximations lie too
/// close to tell: those are dealt into buckets first.
///
/// Ranks are handed out doubled; threads share the work, and hand out ranks at the same time. Work
/// space, 8 to 16 bytes a value, is kept between calls.
class SpreadRanker {
public:
    /// Whether values are spread, by a sorted sample of them. Others are ranked rightly, too, but
    /// slowly.
    static bool serves(std::span<const double> sample, const ValueRange& range, std::size_t n);

    /// Ranks n < 2^31 values that serves() has let through and the range holds: others would get
    /// keys that overflow.
    RankOutcome rank(const TaggedValues& values, const ValueRange& range, RankSink& sink,
                     int n_threads = 1);

    /// Ranks of the exact values that others, which are overwritten, stand for; incomplete where
    /// that would need too many exact ones or their range is empty. With tags, even ones up to
    /// 2 n that all differ, exact values are asked for by them.
    RankOutcome rank(double* values, std::size_t n, RankSink& sink,
                     const Approximation& approximation, const std::uint32_t* tags = nullptr,
                     int n_threads = 1);

private:
    /// What holds for all values of a call.
    struct Call {
        RankSink& sink;
        Names names;
        ExactValues* exact;
        double largest_error;
        int n_threads;
    };

    /// Values, how many others are smaller, and a range that holds them.
    struct Bucket {
        TaggedValues values;
        std::size_t n_before;
        ValueRange range;
    };

    /// Room for the items of a bucket, which may be that of its values, and to sort them.
    struct Space {
        std::uint64_t* items;
        std::uint64_t* scratch;
    };

    /// Buckets [first, last), ranked one after the other.
    struct Part {
        std::size_t first;
        std::size_t last;
        std::size_t scratch;  ///< where its part of the scratch space begins
    };

    static RankOutcome rank_together(const Call& call, const Bucket& bucket, const Space& space);
    RankOutcome rank_dealt(const Call& call, const TaggedValues& values, const ValueRange& whole,
                           std::uint64_t* storage);
    std::vector<Part> cut_buckets(std::size_t n, int n_threads);
    RankOutcome rank_bucket(const Call& call, std::size_t k, double least_width, const Space& space,
                            ValueRange& found) const;

    WorkBuffer<std::uint64_t> items_;
    WorkBuffer<std::uint64_t> scratch_;
    ValueBuckets buckets_;
};

}  // namespace fastshesha
