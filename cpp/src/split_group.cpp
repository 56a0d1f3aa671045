#include "split_group.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "condensed_index.hpp"
#include "condensed_scan.hpp"
#include "fastshesha/distance.hpp"
#include "pairwise_mean.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// In multiples of the work for one feature of a tile; both pass through the whole tile.
constexpr std::size_t cost_of_toggle = 3;

constexpr ExtremeLanes no_extremes() {
    ExtremeLanes none{};
    std::fill(std::begin(none.lowest), std::end(none.lowest), infinity);
    std::fill(std::begin(none.highest), std::end(none.highest), -infinity);
    return none;
}

void take_in(const ValueRange& range, ExtremeLanes& extremes) {
    extremes.lowest[0] = std::min(extremes.lowest[0], range.lowest);
    extremes.highest[0] = std::max(extremes.highest[0], range.highest);
}

ValueRange range_of_lanes(const ExtremeLanes& extremes) {
    return {*std::min_element(std::begin(extremes.lowest), std::end(extremes.lowest)),
            *std::max_element(std::begin(extremes.highest), std::end(extremes.highest))};
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

SplitGroup::SplitGroup(const MatrixView& X, const RowClasses& classes, const FeatureHalves& halves,
                       Metric metric, const HeavyFeatures& heavy, const Kernels& kernels,
                       int n_threads)
    : X_(X),
      classes_(classes),
      halves_(halves),
      metric_(metric),
      heavy_(heavy),
      kernels_(kernels),
      grid_(X.n_rows, X.n_columns, kernels),
      order_of_pairs_(grid_),
      order_(order_by_patterns(halves, X.n_columns, heavy)),
      terms_(2 * halves.n_splits, kernels) {
    // Squared differences take features in one lane, in the order given.
    rows_.pack(X, order_.features, Metric::euclidean, kernels, n_threads);
    const std::size_t tile = grid_.tile_columns();
    norm_stride_ = (X.n_rows + tile - 1) / tile * tile;
    add_column_terms();
    measure_rows(n_threads);
    ranges_.resize(n_blocks() * n_halves());
}

Columns SplitGroup::columns(std::size_t s, std::size_t h) const {
    const std::int64_t* start = h == 0 ? halves_.first : halves_.second;
    return {start + s * halves_.half_size, halves_.half_size};
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

void SplitGroup::measure_rows(int n_threads) {
    // Padding rows get a norm too, so that their unused distances stay finite.
    norms_.assign(n_halves() * norm_stride_, 1.0);
    inverse_norms_.resize(norms_.size());
    const std::vector<double> ratios =
        metric_ == Metric::correlation ? measure_centred(n_threads) : measure(n_threads);
    usable_ = true;
    for (std::size_t s = 0; s < n_splits(); ++s) {
        const double largest_ratio = std::max({1.0, ratios[2 * s], ratios[2 * s + 1]});
        errors_.push_back(grouped_error({X_.n_columns, order_.steps.size(), terms_.most_of_a_half(),
                                         largest_ratio, metric_ == Metric::correlation}));
        usable_ = usable_ && norms_are_tame({norms(s, 0), X_.n_rows}) &&
                  norms_are_tame({norms(s, 1), X_.n_rows});
    }
    std::transform(norms_.begin(), norms_.end(), inverse_norms_.begin(),
                   [](double norm) { return 1.0 / norm; });
}

/// Where the columns of every half lie in the packed rows.
std::vector<std::uint32_t> SplitGroup::packed_places() const {
    std::vector<std::uint32_t> place_of(X_.n_columns);
    for (std::size_t place = 0; place < order_.features.size(); ++place) {
        place_of[static_cast<std::size_t>(order_.features[place])] =
            static_cast<std::uint32_t>(place);
    }
    std::vector<std::uint32_t> places;
    for (std::size_t half = 0; half < n_halves(); ++half) {
        for (const std::int64_t column : columns(half / 2, half % 2)) {
            places.push_back(place_of[static_cast<std::size_t>(column)]);
        }
    }
    return places;
}

/// Norms of the rows in every half, with SciPy's bits; returns for each how many times larger than
/// the norm of a row what went into its sums can be.
std::vector<double> SplitGroup::measure(int n_threads) {
    const std::vector<std::uint32_t> places = packed_places();
    const std::size_t n_panels = (X_.n_rows + kernels_.panel_rows - 1) / kernels_.panel_rows;
    std::vector<double> of_panels(n_panels * n_halves(), 0.0);
    share_tasks(n_panels, n_threads, [&](std::size_t p, std::size_t) {
        measure_panel(p, places.data(), of_panels.data() + p * n_halves());
    });
    std::vector<double> largest_ratios(n_halves(), 0.0);
    for (std::size_t k = 0; k < of_panels.size(); ++k) {
        double& largest = largest_ratios[k % n_halves()];
        largest = std::max(largest, of_panels[k]);
    }
    return largest_ratios;
}

void SplitGroup::measure_panel(std::size_t p, const std::uint32_t* places, double* largest_ratios) {
    for (std::size_t half = 0; half < n_halves(); ++half) {
        double squares[max_panel_rows];
        kernels_.listed_squares(rows_.panel(p), places + half * halves_.half_size,
                                halves_.half_size, squares);
        grid_.for_each_row(p * kernels_.panel_rows, [&](std::size_t i, std::size_t r) {
            const double norm = std::sqrt(squares[r]);
            norms_[half * norm_stride_ + i] = norm;
            largest_ratios[half] = std::max(largest_ratios[half], heavy_.light_norms[i] / norm);
        });
    }
}

/// The same of rows less their means, which become terms.
std::vector<double> SplitGroup::measure_centred(int n_threads) {
    std::vector<double> largest_ratios(n_halves());
    std::vector<std::vector<double>> means(n_halves(), std::vector<double>(norm_stride_, 0.0));
    share_tasks(n_halves(), n_threads, [&](std::size_t half, std::size_t) {
        largest_ratios[half] = measure_centred_half(half, means[half].data());
    });
    for (std::size_t half = 0; half < n_halves(); ++half) {
        terms_.add(half, -1.0, std::move(means[half]));
    }
    return largest_ratios;
}

double SplitGroup::measure_centred_half(std::size_t half, double* means) {
    const Columns of_half = columns(half / 2, half % 2);
    const std::size_t m = of_half.size();
    std::vector<double> row(m);
    double largest_ratio = 0.0;
    for (std::size_t i = 0; i < X_.n_rows; ++i) {
        gather_row(X_, i, of_half.data(), m, row.data());
        // What the sums held, and what their terms are made of.
        const double largest = std::max(heavy_.light_norms[i], exact_norm(row.data(), m));
        means[i] = pairwise_mean(row.data(), m) * std::sqrt(static_cast<double>(m));
        subtract_mean(row.data(), m);
        const double norm = exact_norm(row.data(), m);
        norms_[half * norm_stride_ + i] = norm;
        largest_ratio = std::max(largest_ratio, largest / norm);
    }
    return largest_ratio;
}

std::size_t SplitGroup::half_stride() const { return n_pairs(X_.n_rows); }

PairDistances SplitGroup::half(std::size_t s, std::size_t h) const {
    ValueRange range;
    for (std::size_t block = 0; block < n_blocks(); ++block) {
        range.take_in(ranges_[block * n_halves() + 2 * s + h]);
    }
    return {X_,        columns(s, h),   metric_, {norms(s, h), X_.n_rows}, {range, errors_[s]},
            &classes_, &order_of_pairs_};
}

void SplitGroup::compute_block(std::size_t block, double* out) {
    std::size_t place = order_of_pairs_.start(block);
    ExtremeLanes extremes[2 * most_splits];
    std::fill_n(extremes, n_halves(), no_extremes());
    grid_.for_each_tile(block, [&](std::size_t first_row, std::size_t first_column) {
        alignas(64) double tiles[(most_splits + 1) * max_panel_rows * max_tile_columns];
        std::fill_n(tiles, (n_splits() + 1) * grid_.tile_size(), 0.0);
        kernels_.add_split_products(rows_.panel(first_row / kernels_.panel_rows),
                                    rows_.panel(first_column / kernels_.panel_rows),
                                    rows_.panel_stride(), order_.steps.data(), order_.steps.size(),
                                    tiles, n_splits());
        place += finish_tiles(first_row, first_column, tiles, out + place, extremes);
    });
    for (std::size_t half = 0; half < n_halves(); ++half) {
        ranges_[block * n_halves() + half] = range_of_lanes(extremes[half]);
    }
}

/// Writes the pairs of a tile for every half; returns how many.
std::size_t SplitGroup::finish_tiles(std::size_t first_row, std::size_t first_column,
                                     const double* tiles, double* out,
                                     ExtremeLanes* extremes) const {
    const std::size_t tile_size = grid_.tile_size();
    const bool is_whole = first_column >= first_row + kernels_.panel_rows &&
                          first_column + grid_.tile_columns() <= X_.n_rows;
    std::size_t n = tile_size;
    for (std::size_t half = 0; half < n_halves(); ++half) {
        double* const to = out + half * half_stride();
        if (is_whole) {
            finish_tile(half, first_row, first_column, tiles, to, extremes[half]);
            continue;
        }
        double distances[max_panel_rows * max_tile_columns];
        ExtremeLanes of_whole = no_extremes();
        finish_tile(half, first_row, first_column, tiles, distances, of_whole);
        n = write_pairs(first_row, first_column, distances, to);
        if (n > 0) {
            take_in(value_range(to, n), extremes[half]);
        }
    }
    return n;
}

/// Distances of all entries of a tile: from S_s for the first half of split s, C - S_s for the
/// second.
void SplitGroup::finish_tile(std::size_t half, std::size_t first_row, std::size_t first_column,
                             const double* tiles, double* out, ExtremeLanes& extremes) const {
    const std::size_t tile_size = grid_.tile_size();
    const double* const first = tiles + half / 2 * tile_size;
    const double* const total = half % 2 == 0 ? nullptr : tiles + n_splits() * tile_size;
    const double* const inverse = inverse_norms_.data() + half * norm_stride_;
    if (!terms_.any_of(half)) {
        kernels_.scaled_tile(first, total, inverse + first_row, inverse + first_column, out,
                             extremes);
        return;
    }
    double sums[max_panel_rows * max_tile_columns];
    for (std::size_t e = 0; e < tile_size; ++e) {
        sums[e] = total == nullptr ? first[e] : total[e] - first[e];
    }
    for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
        terms_.apply(half, first_row + r, first_column, sums + r * grid_.tile_columns());
    }
    kernels_.scaled_tile(sums, nullptr, inverse + first_row, inverse + first_column, out, extremes);
}

/// Writes the entries of a tile that are pairs side by side; returns how many.
std::size_t SplitGroup::write_pairs(std::size_t first_row, std::size_t first_column,
                                    const double* distances, double* out) const {
    double* next = out;
    grid_.for_each_row(first_row, [&](std::size_t i, std::size_t r) {
        const auto [begin, end] = grid_.columns_of(i, first_column);
        const double* const row = distances + r * grid_.tile_columns();
        next = std::copy(row + (begin - first_column), row + (end - first_column), next);
    });
    return static_cast<std::size_t>(next - out);
}

}  // namespace fastshesha
