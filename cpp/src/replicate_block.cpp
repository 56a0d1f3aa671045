#include "replicate_block.hpp"

#include <algorithm>
#include <numeric>

#include "fastshesha/distance.hpp"

namespace fastshesha {
namespace {

// Products of a weight and a centred rank fit 32 bits with their sign.
constexpr std::uint64_t largest_rank_product = 0x7fffffff;

std::uint64_t cube(std::uint64_t value) { return value * value * value; }

bool sums_fit(const std::uint8_t* counts, std::size_t n) {
    const std::uint64_t largest = n == 0 ? 0 : *std::max_element(counts, counts + n);
    const std::uint64_t total = std::accumulate(counts, counts + n, std::uint64_t{0});
    return largest <= largest_count && largest * largest * n_pairs(total) <= largest_rank_product;
}

}  // namespace

ReplicateBlock::ReplicateBlock(const Resamples& resamples, std::size_t first)
    : n_replicates_(std::min(replicate_lanes, resamples.n_replicates - first)),
      counts_((resamples.self_pairs ? 3 : 1) * resamples.n_samples * replicate_lanes) {
    for (std::size_t lane = 0; lane < n_replicates_; ++lane) {
        const std::uint8_t* counts = resamples.counts + (first + lane) * resamples.n_samples;
        served_[lane] = sums_fit(counts, resamples.n_samples);
        if (served_[lane]) {
            fill(counts, lane, resamples);
        }
    }
}

/// Sums over all pairs i < j from those over samples: 2 sum f(c_i) f(c_j) = (sum f)^2 - sum f^2.
void ReplicateBlock::fill(const std::uint8_t* counts, std::size_t lane,
                          const Resamples& resamples) {
    const std::size_t n = resamples.n_samples;
    std::uint64_t sum = 0;
    std::uint64_t square_sum = 0;
    // 127^6 for each of some thousand samples stays below 2^63.
    std::uint64_t cube_sum = 0;
    std::uint64_t sixth_power_sum = 0;
    std::uint32_t largest = 1;
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t count = counts[i];
        counts_[i * replicate_lanes + lane] = counts[i];
        largest = std::max(largest, count);
        sum += count;
        square_sum += count * count;
        cube_sum += cube(count);
        sixth_power_sum += cube(count) * cube(count);
        if (resamples.self_pairs && count > 1) {
            const std::uint32_t halved = count % 2 == 0 ? count : count - 1;
            const std::uint32_t other = count % 2 == 0 ? count - 1 : count;
            counts_[(n + i) * replicate_lanes + lane] = static_cast<std::uint8_t>(halved / 2);
            counts_[(2 * n + i) * replicate_lanes + lane] = static_cast<std::uint8_t>(other);
            total_weight_[lane] += halved / 2 * other;
            total_cubes_[lane] += cube(halved / 2 * other);
        }
    }
    total_weight_[lane] += (sum * sum - square_sum) / 2;
    total_cubes_[lane] += (static_cast<uint128>(cube_sum) * cube_sum - sixth_power_sum) / 2;
    largest_weight_ = std::max(largest_weight_, largest * largest);
}

std::vector<double> ReplicateBlock::counts_as_doubles() const {
    return {counts_.begin(), counts_.end()};
}

std::vector<ReplicateBlock> replicate_blocks(const Resamples& resamples) {
    std::vector<ReplicateBlock> blocks;
    for (std::size_t first = 0; first < resamples.n_replicates; first += replicate_lanes) {
        blocks.emplace_back(resamples, first);
    }
    return blocks;
}

std::vector<std::uint32_t> pair_count_rows(const Resamples& resamples) {
    const std::size_t n = resamples.n_samples;
    std::vector<std::uint32_t> rows;
    rows.reserve(resamples.n_values());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            rows.push_back(count_rows(i, j));
        }
    }
    for (std::size_t i = 0; resamples.self_pairs && i < n; ++i) {
        rows.push_back(count_rows(n + i, 2 * n + i));
    }
    return rows;
}

}  // namespace fastshesha
