#include "ranker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "average_ties.hpp"
#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "interrupt.hpp"

namespace fastshesha {
namespace {

static_assert(SortedLeaf::capacity <= most_without_branches);

// Where half of the values lie within a smaller part of the range, even buckets would hold too
// many.
constexpr double least_half = 256.0;

/// Sorted values from all over a vector. Where each value occurs m times, 4 m pairs of them are
/// equal.
std::vector<double> sorted_sample(const double* values, std::size_t n) {
    std::vector<double> sample(static_cast<std::size_t>(std::sqrt(8.0 * static_cast<double>(n))));
    const std::size_t stretch = n / sample.size();
    // Anywhere in each stretch, so that no structure of the values is followed.
    std::uint64_t state = n;
    for (std::size_t k = 0; k < sample.size(); ++k) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        sample[k] = values[k * stretch + (state >> 33) % stretch];
    }
    std::sort(sample.begin(), sample.end());
    return sample;
}

bool has_ties(const double* sorted, std::size_t n) {
    bool found = false;
    for (std::size_t k = 1; k < n; ++k) {
        found |= sorted[k - 1] == sorted[k];
    }
    return found;
}

}  // namespace

RankOutcome Ranker::rank(const double* values, std::size_t n, RankSink& sink,
                         const std::uint32_t* tags, int n_threads) {
    require(n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    sink_ = &sink;
    outcome_ = RankOutcome();
    if (n > SortedLeaf::capacity) {
        rank_many({values, tags, n}, n_threads);
    } else if (n > 0) {
        rank_bucket({values, tags, n}, 0, 0);
    }
    return outcome_;
}

RankOutcome Ranker::rank(double* values, std::size_t n, RankSink& sink,
                         const Approximation& approximation, const std::uint32_t* tags,
                         int n_threads) {
    return spread_.rank(values, n, sink, approximation, tags, n_threads);
}

/// The work space of one way is given up before the other is taken.
void Ranker::rank_many(const TaggedValues& values, int n_threads) {
    const ValueRange range = value_range(values.values, values.n, n_threads);
    const std::vector<double> sample = sorted_sample(values.values, values.n);
    if (SpreadRanker::serves(sample, range, values.n)) {
        buckets_.clear();
        outcome_ = spread_.rank(values, range, *sink_, n_threads);
        return;
    }
    spread_ = SpreadRanker();
    const double half = sample[sample.size() * 3 / 4] - sample[sample.size() / 4];
    const bool is_narrow = !(half * least_half > range.highest - range.lowest);
    deal(values, range, is_narrow ? Spread::by_bits : Spread::by_value, 0, 0);
}

void Ranker::deal(const TaggedValues& values, const ValueRange& range, Spread spread,
                  std::size_t n_before, std::size_t depth) {
    if (range.lowest == range.highest) {
        emit_equal(values, n_before);
        return;
    }
    if (buckets_.size() == depth) {
        buckets_.emplace_back();
    }
    ValueBuckets& buckets = buckets_[depth];
    buckets.deal(values, range.lowest, range.highest, spread);
    for (std::size_t k = 0; k < buckets.size(); ++k) {
        if (buckets[k].n > 0) {
            rank_bucket(buckets[k], n_before + buckets.begin(k), depth + 1);
        }
    }
}

void Ranker::rank_bucket(const TaggedValues& values, std::size_t n_before, std::size_t depth) {
    check_interrupt_of_thread();
    if (values.n > SortedLeaf::capacity) {
        const ValueRange range = value_range(values.values, values.n);
        deal(values, range, Spread::by_bits, n_before, depth);
        return;
    }
    leaf_.sort(values);
    emit_leaf(n_before);
}

/// Hands out equal values, too many for a leaf.
void Ranker::emit_equal(const TaggedValues& values, std::size_t n_before) {
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

void Ranker::emit_leaf(std::size_t n_before) {
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
