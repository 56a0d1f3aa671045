#include "split_group.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "condensed_index.hpp"
#include "fastshesha/distance.hpp"
#include "pairwise_mean.hpp"

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

SplitGroup::SplitGroup(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                       const HeavyFeatures& heavy, const Kernels& kernels)
    : X_(X),
      halves_(halves),
      metric_(metric),
      heavy_(heavy),
      kernels_(kernels),
      grid_(X.n_rows, X.n_columns, kernels),
      terms_(2 * halves.n_splits, kernels) {
    order_features();
    // Squared differences take features in one lane, in the order given.
    rows_.pack(X, order_, Metric::euclidean, kernels);
    const std::size_t tile = grid_.tile_columns();
    norm_stride_ = (X.n_rows + tile - 1) / tile * tile;
    add_column_terms();
    measure_rows();
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
    std::vector<std::size_t> n_at(std::size_t{1} << n_splits(), 0);
    for (std::size_t k = 0; k < X_.n_columns; ++k) {
        const auto column = static_cast<std::int64_t>(k);
        if (!heavy_.contain(column)) {
            order_.push_back(column);
            ++n_at[place_in_gray_code(patterns[k])];
        }
    }
    std::stable_sort(order_.begin(), order_.end(), [&](std::int64_t a, std::int64_t b) {
        return place_in_gray_code(patterns[static_cast<std::size_t>(a)]) <
               place_in_gray_code(patterns[static_cast<std::size_t>(b)]);
    });
    add_steps(n_at);
}

void SplitGroup::add_steps(const std::vector<std::size_t>& n_at) {
    // Between places t - 1 and t the lowest set bit of t changes.
    for (std::size_t t = 1; t < n_at.size(); ++t) {
        const auto split = static_cast<unsigned>(std::countr_zero(t));
        steps_.push_back({n_at[t - 1], split, ((t ^ (t >> 1)) >> split & 1) != 0});
    }
    // Only the highest bit is set at the last place.
    steps_.push_back({n_at.back(), static_cast<unsigned>(n_splits() - 1), false});
}

/// Heavy features belong to one half only; a light one that is in neither was added to C.
void SplitGroup::add_column_terms() {
    for (std::size_t s = 0; s < n_splits(); ++s) {
        std::vector<std::size_t> half_of(X_.n_columns, 2);
        for (std::size_t h = 0; h < 2; ++h) {
            for (const std::int64_t column : columns(s, h)) {
                half_of[static_cast<std::size_t>(column)] = h;
            }
        }
        for (std::size_t k = 0; k < X_.n_columns; ++k) {
            const auto column = static_cast<std::int64_t>(k);
            const bool heavy = heavy_.contain(column);
            if (heavy && half_of[k] < 2) {
                add_column_term(2 * s + half_of[k], 1.0, column);
            } else if (!heavy && half_of[k] == 2) {
                add_column_term(2 * s + 1, -1.0, column);
            }
        }
    }
}

void SplitGroup::add_column_term(std::size_t half, double sign, std::int64_t column) {
    std::vector<double> values(norm_stride_, 0.0);
    for (std::size_t i = 0; i < X_.n_rows; ++i) {
        gather_row(X_, i, &column, 1, values.data() + i);
    }
    terms_.add(half, sign, std::move(values));
}

void SplitGroup::measure_rows() {
    // Padding rows get a norm too, so that their unused distances stay finite.
    norms_.assign(2 * n_splits() * norm_stride_, 1.0);
    inverse_norms_.resize(norms_.size());
    usable_ = true;
    for (std::size_t s = 0; s < n_splits(); ++s) {
        const double largest_ratio = std::max({1.0, measure_half(s, 0), measure_half(s, 1)});
        errors_.push_back(grouped_error({X_.n_columns, steps_.size(), terms_.most_of_a_half(),
                                         largest_ratio, metric_ == Metric::correlation}));
        usable_ = usable_ && norms_are_tame({norms(s, 0), X_.n_rows}) &&
                  norms_are_tame({norms(s, 1), X_.n_rows});
    }
    std::transform(norms_.begin(), norms_.end(), inverse_norms_.begin(),
                   [](double norm) { return 1.0 / norm; });
}

/// Norms of the rows of a half, and the term that takes out their means; returns how many times
/// larger than the norm of a row what went into its sums can be.
double SplitGroup::measure_half(std::size_t s, std::size_t h) {
    const Columns half = columns(s, h);
    const std::size_t m = half.size();
    double* const out = norms_.data() + (2 * s + h) * norm_stride_;
    const bool centred = metric_ == Metric::correlation;
    std::vector<double> means(centred ? norm_stride_ : 0, 0.0);
    std::vector<double> row(m);
    double largest_ratio = 0.0;
    for (std::size_t i = 0; i < X_.n_rows; ++i) {
        gather_row(X_, i, half.data(), m, row.data());
        // What the sums held, and what their terms are made of.
        double largest = heavy_.light_norms[i];
        if (centred) {
            largest = std::max(largest, exact_norm(row.data(), m));
            means[i] = pairwise_mean(row.data(), m) * std::sqrt(static_cast<double>(m));
            subtract_mean(row.data(), m);
        }
        out[i] = exact_norm(row.data(), m);
        largest_ratio = std::max(largest_ratio, largest / out[i]);
    }
    if (centred) {
        terms_.add(2 * s + h, -1.0, std::move(means));
    }
    return largest_ratio;
}

std::size_t SplitGroup::half_stride() const { return n_pairs(X_.n_rows); }

PairDistances SplitGroup::half(std::size_t s, std::size_t h) const {
    return {X_, columns(s, h), metric_, {norms(s, h), X_.n_rows}, errors_[s]};
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
    double sums[2][max_tile_columns];
    for (std::size_t s = 0; s < n_splits(); ++s) {
        const double* first = tiles + s * tile_size + r * width;
        for (std::size_t c = 0; c < width; ++c) {
            sums[0][c] = first[c];
            sums[1][c] = total[c] - first[c];
        }
        for (std::size_t h = 0; h < 2; ++h) {
            terms_.apply(2 * s + h, i, first_column, sums[h]);
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
