#include "split_group.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "condensed_index.hpp"
#include "fastshesha/distance.hpp"

namespace fastshesha {
namespace {

// In multiples of the work for one feature of a tile; both pass through the whole tile.
constexpr std::size_t cost_of_toggle = 3;
constexpr std::size_t doubles_per_line = 8;

/// Place of a pattern in the Gray-code sequence g(t) = t xor (t >> 1).
std::size_t place_in_gray_code(std::size_t pattern) {
    std::size_t place = 0;
    for (; pattern != 0; pattern >>= 1) {
        place ^= pattern;
    }
    return place;
}

}  // namespace

std::size_t SplitGroup::best_size(std::size_t n_features, std::size_t available) {
    std::size_t best = 1;
    const auto cost = [&](std::size_t g) {
        return static_cast<double>(n_features + (cost_of_toggle << g)) / static_cast<double>(g);
    };
    for (std::size_t g = 2; g <= std::min(available, most_splits); ++g) {
        best = cost(g) < cost(best) ? g : best;
    }
    return best;
}

SplitGroup::SplitGroup(const MatrixView& X, const FeatureHalves& halves, const Kernels& kernels)
    : X_(X), halves_(halves), kernels_(kernels), grid_(X.n_rows, X.n_columns, kernels) {
    order_features();
    // Squared differences take features in one lane, in the order given.
    rows_.pack(X, order_, Metric::euclidean, kernels);
    const std::size_t tile = grid_.tile_columns();
    compute_norms((X.n_rows + tile - 1) / tile * tile);
}

Columns SplitGroup::columns(std::size_t s, std::size_t h) const {
    const std::int64_t* start = h == 0 ? halves_.first : halves_.second;
    return {start + s * halves_.half_size, halves_.half_size};
}

void SplitGroup::order_features() {
    std::vector<std::size_t> patterns(X_.n_columns, 0);
    for (std::size_t s = 0; s < n_splits(); ++s) {
        for (const std::int64_t column : columns(s, 0)) {
            patterns[static_cast<std::size_t>(column)] |= std::size_t{1} << s;
        }
    }
    const std::size_t n_places = std::size_t{1} << n_splits();
    std::vector<std::size_t> n_at(n_places, 0);
    for (const std::size_t pattern : patterns) {
        ++n_at[place_in_gray_code(pattern)];
    }
    order_.resize(X_.n_columns);
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [&](std::int64_t a, std::int64_t b) {
        return place_in_gray_code(patterns[static_cast<std::size_t>(a)]) <
               place_in_gray_code(patterns[static_cast<std::size_t>(b)]);
    });
    // Between places t - 1 and t the lowest set bit of t changes.
    for (std::size_t t = 1; t < n_places; ++t) {
        const auto split = static_cast<unsigned>(std::countr_zero(t));
        steps_.push_back({n_at[t - 1], split, ((t ^ (t >> 1)) >> split & 1) != 0});
    }
    // Only the highest bit is set at the last place.
    steps_.push_back({n_at[n_places - 1], static_cast<unsigned>(n_splits() - 1), false});
}

void SplitGroup::compute_norms(std::size_t n_padded) {
    norm_stride_ = n_padded;
    // Padding rows get a norm too, so that their unused distances stay finite.
    norms_.assign(2 * n_splits() * n_padded, 1.0);
    inverse_norms_.resize(norms_.size());
    std::vector<double> row(X_.n_columns);
    usable_ = true;
    for (std::size_t s = 0; s < n_splits(); ++s) {
        double* first = norms_.data() + 2 * s * n_padded;
        double* second = first + n_padded;
        double largest_ratio = 0.0;
        for (std::size_t i = 0; i < X_.n_rows; ++i) {
            first[i] = exact_norm(X_, i, columns(s, 0), row.data());
            second[i] = exact_norm(X_, i, columns(s, 1), row.data());
            const double whole = std::hypot(first[i], second[i]);
            largest_ratio = std::max(largest_ratio, whole / std::min(first[i], second[i]));
        }
        std::transform(first, first + 2 * n_padded, inverse_norms_.data() + 2 * s * n_padded,
                       [](double norm) { return 1.0 / norm; });
        usable_ =
            usable_ && norms_are_tame({first, X_.n_rows}) && norms_are_tame({second, X_.n_rows});
        errors_.push_back(grouped_error(X_.n_columns, steps_.size(), largest_ratio));
    }
}

std::size_t SplitGroup::half_stride() const { return n_pairs(X_.n_rows); }

PairDistances SplitGroup::half(std::size_t s, std::size_t h) const {
    return {X_, columns(s, h), Metric::cosine, {norms(s, h), X_.n_rows}, errors_[s]};
}

void SplitGroup::compute_block(std::size_t block, double* out) const {
    grid_.for_each_tile(block, [&](std::size_t first_row, std::size_t first_column) {
        alignas(64) double tiles[(most_splits + 1) * max_panel_rows * max_tile_columns];
        fetch_ahead(first_row, first_column, out);
        std::fill_n(tiles, (n_splits() + 1) * kernels_.panel_rows * grid_.tile_columns(), 0.0);
        kernels_.add_split_products(rows_.panel(first_row / kernels_.panel_rows),
                                    rows_.panel(first_column / kernels_.panel_rows),
                                    rows_.panel_stride(), steps_.data(), steps_.size(), tiles,
                                    n_splits());
        grid_.for_each_row(first_row, [&](std::size_t i, std::size_t r) {
            finish_row(i, first_column, tiles, r, out);
        });
    });
}

/// Fetches the lines that finish_row will write: as many streams as halves times rows, too many
/// for the hardware to foresee.
void SplitGroup::fetch_ahead(std::size_t first_row, std::size_t first_column, double* out) const {
    grid_.for_each_row(first_row, [&](std::size_t i, std::size_t) {
        const std::size_t n = X_.n_rows;
        const std::size_t first = std::max(first_column, i + 1);
        const double* row = out + condensed_row_start(i, n) + (first - i - 1);
        for (std::size_t half = 0; half < 2 * n_splits(); ++half) {
            for (std::size_t c = 0; c < grid_.tile_columns(); c += doubles_per_line) {
                __builtin_prefetch(row + half * half_stride() + c, 1);
            }
        }
    });
}

/// Row r of every tile: S_s for the first half of split s, C - S_s for the second.
void SplitGroup::finish_row(std::size_t i, std::size_t first_column, const double* tiles,
                            std::size_t r, double* out) const {
    const std::size_t width = grid_.tile_columns();
    const std::size_t tile_size = kernels_.panel_rows * width;
    const double* total = tiles + n_splits() * tile_size + r * width;
    double other[max_tile_columns];
    for (std::size_t s = 0; s < n_splits(); ++s) {
        const double* first = tiles + s * tile_size + r * width;
        for (std::size_t c = 0; c < width; ++c) {
            other[c] = total[c] - first[c];
        }
        const double* sums[] = {first, other};
        for (std::size_t h = 0; h < 2; ++h) {
            const double* inverse = inverse_norms(s, h);
            grid_.write_row(i, first_column, out + (2 * s + h) * half_stride(),
                            [&](double* distances) {
                                kernels_.scaled_distances(sums[h], inverse[i],
                                                          inverse + first_column, distances);
                            });
        }
    }
}

}  // namespace fastshesha
