#include "ranker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "parallel.hpp"
#include "sorted_leaf.hpp"

namespace fastshesha {
namespace {

// Where half of the values lie within a smaller part of the range, even buckets would hold too
// many.
constexpr double least_half = 256.0;
// A crowded bucket of fewer values is left to one thread.
constexpr std::size_t fewest_shared = std::size_t{1} << 15;

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

}  // namespace

RankOutcome Ranker::rank(const double* values, std::size_t n, RankSink& sink,
                         const std::uint32_t* tags, int n_threads) {
    require(n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    if (n > SortedLeaf::capacity) {
        return rank_many({values, tags, n}, sink, n_threads);
    }
    if (n == 0) {
        return {};
    }
    rankers_.resize(std::max<std::size_t>(rankers_.size(), 1));
    return rankers_.front().rank({values, tags, n}, 0, sink);
}

RankOutcome Ranker::rank(double* values, std::size_t n, RankSink& sink,
                         const Approximation& approximation, const std::uint32_t* tags,
                         int n_threads) {
    return spread_.rank(values, n, sink, approximation, tags, n_threads);
}

/// The work space of one way is given up before the other is taken.
RankOutcome Ranker::rank_many(const TaggedValues& values, RankSink& sink, int n_threads) {
    const ValueRange range = value_range(values.values, values.n, n_threads);
    const std::vector<double> sample = sorted_sample(values.values, values.n);
    if (SpreadRanker::serves(sample, range, values.n)) {
        buckets_.clear();
        rankers_.clear();
        return spread_.rank(values, range, sink, n_threads);
    }
    spread_ = SpreadRanker();
    rankers_.resize(std::max(rankers_.size(), static_cast<std::size_t>(std::max(1, n_threads))));
    const double half = sample[sample.size() * 3 / 4] - sample[sample.size() / 4];
    const bool is_narrow = !(half * least_half > range.highest - range.lowest);
    const Spread spread = is_narrow ? Spread::by_bits : Spread::by_value;
    return deal({values, 0, range}, spread, 0, {sink, n_threads});
}

RankOutcome Ranker::deal(const Bucket& of, Spread spread, std::size_t depth, const Team& team) {
    if (of.range.lowest == of.range.highest) {
        return rankers_.front().rank(of.values, of.n_before, team.sink);
    }
    if (buckets_.size() == depth) {
        buckets_.emplace_back();
    }
    ValueBuckets& buckets = buckets_[depth];
    const std::size_t n = of.values.n;
    buckets.deal(of.values, of.range.lowest, of.range.highest, spread, team.n_threads);
    std::vector<RankOutcome> outcomes(n_parts_for(team.n_threads) + 1);
    const std::size_t crowded = deal_crowded(of, depth, team, outcomes.back());
    share_tasks(outcomes.size() - 1, team.n_threads, [&](std::size_t part, std::size_t worker) {
        const std::size_t begin = begin_of_part(n, part, team.n_threads);
        const std::size_t end = begin_of_part(n, part + 1, team.n_threads);
        const std::size_t last = buckets.first_beyond(end);
        for (std::size_t k = buckets.first_beyond(begin); k < last; ++k) {
            if (k != crowded && buckets[k].n > 0) {
                outcomes[part].take_in(
                    rankers_[worker].rank(buckets[k], of.n_before + buckets.begin(k), team.sink));
            }
        }
    });
    return all_of(outcomes);
}

/// Where one of the buckets just dealt holds most values, all threads deal it again; which one it
/// is, or the number of buckets.
std::size_t Ranker::deal_crowded(const Bucket& of, std::size_t depth, const Team& team,
                                 RankOutcome& outcome) {
    const ValueBuckets& buckets = buckets_[depth];
    const std::size_t crowded = buckets.crowded();
    if (team.n_threads == 1 || crowded == buckets.size() || buckets[crowded].n < fewest_shared) {
        return buckets.size();
    }
    const TaggedValues values = buckets[crowded];
    const ValueRange range = value_range(values.values, values.n, team.n_threads);
    if (range.lowest == range.highest) {
        return buckets.size();
    }
    outcome = deal({values, of.n_before + buckets.begin(crowded), range}, Spread::by_bits,
                   depth + 1, team);
    return crowded;
}

}  // namespace fastshesha
