#include "weighted_spearman.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fastshesha {
namespace {

constexpr std::uint64_t fewest_pairs = 3;
// Sums of products stay below 2^62 between two carries.
constexpr double largest_sum = 0x1p62;
// Lines that a thread's share of the last cache may hold; beyond, writing them past it saves
// reading them first.
constexpr std::size_t most_cached_bytes = std::size_t{12} << 20;

/// Products are at most weight * total^2.
std::size_t carry_interval(const ReplicateBlock& block, std::uint64_t largest_total) {
    const auto total = static_cast<double>(std::max<std::uint64_t>(largest_total, 1));
    const double most = largest_sum / (block.largest_weight() * total * total);
    return static_cast<std::size_t>(std::clamp(most, 1.0, 0x1p30));
}

/// Sum over a replicate's pairs of (doubled rank - mean)^2 = (n^3 - sum t^3) / 3 over tie groups.
uint128 centred_square_sum(const PairTotals& totals, const RankProgress& progress,
                           std::size_t lane) {
    const uint128 n = totals.weight;
    const auto tie_cubes = static_cast<int128>(progress.large_cubes[lane]) +
                           progress.small_cubes[lane] + static_cast<int128>(totals.cubes);
    return (n * n * n - static_cast<uint128>(tie_cubes)) / 3;
}

double rho(const PairTotals& totals, const RankProgress* progress, const RankProducts& products,
           std::size_t lane) {
    const uint128 square_a = centred_square_sum(totals, progress[0], lane);
    const uint128 square_b = centred_square_sum(totals, progress[1], lane);
    const int128 covariance =
        static_cast<int128>(products.high[lane]) * (int128{1} << 32) + products.low[lane];
    return static_cast<double>(covariance) /
           (std::sqrt(static_cast<double>(square_a)) * std::sqrt(static_cast<double>(square_b)));
}

/// Whether the outermost pairs of a replicate prove that its distances vary: two values a distance
/// r apart give a standard deviation of at least r / sqrt(2 n).
bool varies(const PairedDistances& distances, const PairOrder& order, std::size_t side,
            const ReplicateBlock& block, std::size_t lane, std::uint64_t n_pairs) {
    const auto occurs = [&](std::size_t k) { return block.weight(order.rows(k), lane) > 0; };
    std::size_t first = 0;
    std::size_t last = order.n_pairs() - 1;
    while (first < last && !occurs(first)) {
        ++first;
    }
    while (first < last && !occurs(last)) {
        --last;
    }
    const double* values = distances.side(side);
    const double range = values[order.indices()[last]] - values[order.indices()[first]];
    return varies_for_certain(range / std::sqrt(2.0 * static_cast<double>(n_pairs)),
                              distances.largest_magnitude(side));
}

bool is_certain(const OrderedPairs& pairs, const ReplicateBlock& block, std::size_t lane,
                std::uint64_t n_pairs) {
    return n_pairs >= fewest_pairs &&
           varies(pairs.distances, pairs.order[0], 0, block, lane, n_pairs) &&
           varies(pairs.distances, pairs.order[1], 1, block, lane, n_pairs);
}

}  // namespace

void WeightedSpearman::pass_first(const PairOrder& order, const ReplicateBlock& block,
                                  const Worker& worker, RankProgress& progress) {
    // As many lines again as are fetched ahead of the last.
    lines_.resize((order.n_pairs() + lines_per_window) * replicate_lanes);
    const bool past_cache = lines_.size() * sizeof(lines_[0]) > most_cached_bytes;
    for (std::size_t part = 0; part < order.n_parts(); ++part) {
        worker.check_interrupt();
        kernels_.rank_pairs(order.part(part, block.counts(), block.largest_weight()), past_cache,
                            progress, lines_.data());
    }
}

void WeightedSpearman::pass_second(const PairOrder& order, const ReplicateBlock& block,
                                   std::size_t carry, const Worker& worker, RankProgress& progress,
                                   RankProducts& products) {
    for (std::size_t part = 0; part < order.n_parts(); ++part) {
        worker.check_interrupt();
        kernels_.add_rank_products(order.part(part, block.counts(), block.largest_weight()),
                                   lines_.data(), carry, progress, products);
    }
}

void WeightedSpearman::score(const OrderedPairs& pairs, const ReplicateBlock& block,
                             const Worker& worker, double* values, std::int64_t* n_undefined) {
    PairTotals totals[replicate_lanes];
    RankProgress progress[2] = {};
    RankProducts products = {};
    std::uint64_t largest_total = 0;
    for (std::size_t lane = 0; lane < block.n_replicates(); ++lane) {
        totals[lane] = pair_totals(pairs.distances, block, lane);
        largest_total = std::max(largest_total, totals[lane].weight);
        for (RankProgress& side : progress) {
            side.place[lane] = -static_cast<std::int32_t>(totals[lane].weight);
        }
    }
    pass_first(pairs.order[0], block, worker, progress[0]);
    pass_second(pairs.order[1], block, carry_interval(block, largest_total), worker, progress[1],
                products);
    for (std::size_t lane = 0; lane < block.n_replicates(); ++lane) {
        n_undefined[lane] = static_cast<std::int64_t>(totals[lane].n_undefined);
        values[lane] = is_certain(pairs, block, lane, totals[lane].weight)
                           ? rho(totals[lane], progress, products, lane)
                           : std::numeric_limits<double>::quiet_NaN();
    }
}

}  // namespace fastshesha
