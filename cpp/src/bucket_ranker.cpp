#include "bucket_ranker.hpp"

#include <algorithm>
#include <array>

#include "average_ties.hpp"
#include "condensed_scan.hpp"
#include "interrupt.hpp"

namespace fastshesha {
namespace {

static_assert(SortedLeaf::capacity <= most_without_branches);

bool has_ties(const double* sorted, std::size_t n) {
    bool found = false;
    for (std::size_t k = 1; k < n; ++k) {
        found |= sorted[k - 1] == sorted[k];
    }
    return found;
}

}  // namespace

RankOutcome BucketRanker::rank(const TaggedValues& values, std::size_t n_before, RankSink& sink) {
    sink_ = &sink;
    outcome_ = RankOutcome();
    rank_bucket(values, n_before, 0);
    return outcome_;
}

void BucketRanker::rank_bucket(const TaggedValues& values, std::size_t n_before,
                               std::size_t depth) {
    check_interrupt_of_thread();
    if (values.n > SortedLeaf::capacity) {
        deal(values, value_range(values.values, values.n), n_before, depth);
        return;
    }
    leaf_.sort(values);
    emit_leaf(n_before);
}

void BucketRanker::deal(const TaggedValues& values, const ValueRange& range, std::size_t n_before,
                        std::size_t depth) {
    if (range.lowest == range.highest) {
        emit_equal(values, n_before);
        return;
    }
    if (buckets_.size() == depth) {
        buckets_.emplace_back();
    }
    ValueBuckets& buckets = buckets_[depth];
    buckets.deal(values, range.lowest, range.highest, Spread::by_bits);
    for (std::size_t k = 0; k < buckets.size(); ++k) {
        if (buckets[k].n > 0) {
            rank_bucket(buckets[k], n_before + buckets.begin(k), depth + 1);
        }
    }
}

/// Hands out equal values, too many for a leaf.
void BucketRanker::emit_equal(const TaggedValues& values, std::size_t n_before) {
    std::array<std::uint32_t, 1024> tags;
    std::array<std::uint32_t, 1024> ranks;
    ranks.fill(doubled_rank(n_before, values.n));
    for (std::size_t begin = 0; begin < values.n; begin += tags.size()) {
        check_interrupt_of_thread();
        const std::size_t size = std::min(tags.size(), values.n - begin);
        for (std::size_t k = 0; k < size; ++k) {
            tags[k] = values.tag(begin + k);
        }
        sink_->accept(tags.data(), ranks.data(), size);
    }
    outcome_.add_tie(values.n);
}

void BucketRanker::emit_leaf(std::size_t n_before) {
    const double* const values = leaf_.values();
    const std::size_t n = leaf_.size();
    if (!has_ties(values, n)) {
        sink_->accept_separate(leaf_.tags(), doubled_rank(n_before), n);
    } else {
        outcome_.tie_sum += average_ties(values, n, n_before, doubled_ranks_.data());
        sink_->accept(leaf_.tags(), doubled_ranks_.data(), n);
    }
}

}  // namespace fastshesha
