#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "rank_sink.hpp"
#include "sorted_leaf.hpp"
#include "value_buckets.hpp"
#include "value_range.hpp"

namespace fastshesha {

/// Average ranks of values of which many may tie or crowd: dealt into buckets of rising ranges,
/// again and again where many share one, until a bucket can be sorted within the cache. For one
/// thread; work space, 12 bytes a value and more where they crowd at several scales, is kept.
class BucketRanker {
public:
    /// Ranks n >= 1 values, above `n_before` others.
    RankOutcome rank(const TaggedValues& values, std::size_t n_before, RankSink& sink);

private:
    void deal(const TaggedValues& values, const ValueRange& range, std::size_t n_before,
              std::size_t depth);
    void rank_bucket(const TaggedValues& values, std::size_t n_before, std::size_t depth);
    void emit_equal(const TaggedValues& values, std::size_t n_before);
    void emit_leaf(std::size_t n_before);

    std::deque<ValueBuckets> buckets_;
    SortedLeaf leaf_;
    std::vector<std::uint32_t> doubled_ranks_ = std::vector<std::uint32_t>(SortedLeaf::capacity);
    RankSink* sink_ = nullptr;
    RankOutcome outcome_;
};

}  // namespace fastshesha
