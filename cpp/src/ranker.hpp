#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "rank_sink.hpp"
#include "sorted_leaf.hpp"
#include "spread_ranker.hpp"
#include "value_buckets.hpp"

namespace fastshesha {

/// Average ranks. Values that are not spread, see SpreadRanker, are dealt into buckets of rising
/// ranges, again and again where many share one, until a bucket can be sorted within the cache.
///
/// Ranks are handed out doubled, so that the mean rank of a tie group is an integer. Work space, 12
/// to 24 bytes a value, more where values crowd at several scales, is kept between calls. Several
/// threads share the work where values are spread.
class Ranker {
public:
    /// Ranks n < 2^31 values, none of them NaN. The sink gets a value's tag, its position where
    /// there are none.
    RankOutcome rank(const double* values, std::size_t n, RankSink& sink,
                     const std::uint32_t* tags = nullptr, int n_threads = 1);

    /// Ranks of the exact values that others, which are overwritten, stand for: see SpreadRanker.
    RankOutcome rank(double* values, std::size_t n, RankSink& sink,
                     const Approximation& approximation, const std::uint32_t* tags = nullptr,
                     int n_threads = 1);

private:
    void rank_many(const TaggedValues& values, int n_threads);
    void deal(const TaggedValues& values, const ValueRange& range, Spread spread,
              std::size_t n_before, std::size_t depth);
    void rank_bucket(const TaggedValues& values, std::size_t n_before, std::size_t depth);
    void emit_equal(const TaggedValues& values, std::size_t n_before);
    void emit_leaf(std::size_t n_before);

    std::deque<ValueBuckets> buckets_;
    SortedLeaf leaf_;
    std::vector<std::uint32_t> doubled_ranks_ = std::vector<std::uint32_t>(SortedLeaf::capacity);
    SpreadRanker spread_;
    RankSink* sink_ = nullptr;
    RankOutcome outcome_;
};

}  // namespace fastshesha
