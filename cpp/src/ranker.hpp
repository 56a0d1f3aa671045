#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "bucket_ranker.hpp"
#include "rank_sink.hpp"
#include "spread_ranker.hpp"
#include "value_buckets.hpp"
#include "value_range.hpp"

namespace fastshesha {

/// Average ranks. Values that are not spread, see SpreadRanker, are dealt into buckets of rising
/// ranges, again and again where many share one, until a bucket can be sorted within the cache.
///
/// Ranks are handed out doubled, so that the mean rank of a tie group is an integer. Work space, 12
/// to 24 bytes a value, more where values crowd at several scales, and 130 KiB a thread, is kept
/// between calls. Threads share the work, and hand out ranks at the same time.
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
    /// Values, how many others are smaller, and their extremes.
    struct Bucket {
        TaggedValues values;
        std::size_t n_before;
        ValueRange range;
    };
    struct Team {
        RankSink& sink;
        int n_threads;
    };

    RankOutcome rank_many(const TaggedValues& values, RankSink& sink, int n_threads);
    RankOutcome deal(const Bucket& of, Spread spread, std::size_t depth, const Team& team);
    std::size_t deal_crowded(const Bucket& of, std::size_t depth, const Team& team,
                             RankOutcome& outcome);

    std::deque<ValueBuckets> buckets_;
    /// One for every thread.
    std::vector<BucketRanker> rankers_;
    SpreadRanker spread_;
};

}  // namespace fastshesha
