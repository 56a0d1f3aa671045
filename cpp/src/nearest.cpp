#include "fastshesha/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "candidate_search.hpp"
#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "largest_scores.hpp"
#include "nearest_dispatch.hpp"
#include "packed_rows.hpp"
#include "parallel.hpp"
#include "row_products.hpp"
#include "tile_grid.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t values_at_once = std::size_t{1} << 21;
// Queries that meet one tile of rows after the other, unless few of them fit the cache.
constexpr std::size_t queries_in_task = 64;
// A shorter row is not divided by its norm.
constexpr double shortest = 10 * std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

double inverse_norm(double norm) { return norm < shortest ? 1.0 : 1.0 / norm; }

/// Rows [first, first + n) of a matrix.
MatrixView some_rows(const MatrixView& X, std::size_t first, std::size_t n) {
    MatrixView some = X;
    some.data += static_cast<std::ptrdiff_t>(first) * X.row_stride;
    some.n_rows = n;
    return some;
}

/// Scores of rows, the larger the nearer, handed to the queries that may keep them.
class NearestSearch {
public:
    NearestSearch(const MatrixView& queries, Metric metric, std::size_t n_kept,
                  const Kernels& kernels, int n_threads)
        : is_euclidean_(metric == Metric::euclidean),
          kernels_(kernels),
          nearest_kernels_(active_nearest_kernels()),
          query_rows_(queries),
          n_threads_(n_threads),
          add_products_(kernels.add_products_fused != nullptr ? kernels.add_products_fused
                                                              : kernels.add_products),
          tile_columns_(kernels.panel_rows * kernels.tile_panels),
          features_(queries.n_columns),
          limits_(queries.n_rows + max_panel_rows, -infinity) {
        std::iota(features_.begin(), features_.end(), 0);
        queries_.pack(queries, features_, Metric::euclidean, kernels, n_threads);
        kept_.reserve(queries.n_rows);
        for (std::size_t query = 0; query < queries.n_rows; ++query) {
            kept_.emplace_back(n_kept, kernels);
            query_factors_.push_back(is_euclidean_ ? 1.0 : inverse_norm(queries_.norms()[query]));
        }
        candidates_.emplace(ScoredRows{queries, queries_.norms(), query_factors_.data(), nullptr},
                            is_euclidean_ ? 0.0 : 1.0, n_kept, n_threads);
    }

    /// Compares all queries with the next rows, the first of which has this number. What was found
    /// is written after the last of them, null before.
    void add(const MatrixView& rows, std::size_t first_row, const NearestRows* found) {
        rows_.pack(rows, features_, Metric::euclidean, kernels_, n_threads_);
        first_row_ = first_row;
        describe_rows();
        const bool has_candidates =
            candidates_->take({rows, rows_.norms(), factors_.data(), offsets_.data()});
        const std::size_t step = queries_in_block();
        const std::size_t n_tasks = (kept_.size() + step - 1) / step;
        parallel_for(n_tasks, n_threads_, [&](std::size_t task, const Worker&) {
            const std::size_t end = std::min(kept_.size(), (task + 1) * step);
            if (!has_candidates || !compare_candidates(task * step, end, rows)) {
                compare_all(task * step, end);
            }
            for (std::size_t query = task * step; found != nullptr && query < end; ++query) {
                write(query, *found);
            }
        });
    }

    double largest_square() const { return largest_norm_ * largest_norm_; }

private:
    /// Whole panels of either search.
    std::size_t queries_in_block() const {
        const std::size_t unit = std::lcm(kernels_.panel_rows, candidates_->panel_rows());
        const std::size_t wanted =
            std::min(queries_in_task, rows_in_block(features_.size(), kernels_));
        return std::max<std::size_t>(1, wanted / unit) * unit;
    }

    /// Scores are offset + x.y, or one plus the cosine.
    void describe_rows() {
        const std::size_t n = (rows_.n_rows() + tile_columns_ - 1) / tile_columns_ * tile_columns_;
        offsets_.assign(n, -infinity);
        factors_.assign(n, 1.0);
        for (std::size_t row = 0; row < rows_.n_rows(); ++row) {
            const double norm = rows_.norms()[row];
            largest_norm_ = std::max(largest_norm_, norm);
            offsets_[row] = is_euclidean_ ? -0.5 * norm * norm : 0.0;
            factors_[row] = is_euclidean_ ? 1.0 : inverse_norm(norm);
        }
    }

    /// Compares queries [begin, end) with those rows that may be kept; false where these are many.
    bool compare_candidates(std::size_t begin, std::size_t end, const MatrixView& rows) {
        if (first_row_ > 0) {
            for (std::size_t query = begin; query < end; ++query) {
                kept_[query].tighten();
                limits_[query] = kept_[query].limit();
            }
        }
        std::vector<CloseScores> found = candidates_->find(begin, end, limits_.data());
        if (found.empty()) {
            return false;
        }
        RowProducts products(rows, nearest_kernels_);
        for (std::size_t query = begin; query < end; ++query) {
            offer(query, found[query - begin].rows(), products);
        }
        return true;
    }

    /// Offers a query its candidates, by their scores in float64.
    void offer(std::size_t query, std::span<const std::uint32_t> candidates,
               RowProducts& products) {
        products.set_query(query_rows_, query);
        for (std::size_t first = 0; first < candidates.size(); first += max_tile_columns) {
            const auto some =
                candidates.subspan(first, std::min(max_tile_columns, candidates.size() - first));
            double values[max_tile_columns];
            for (std::size_t i = 0; i < some.size(); ++i) {
                values[i] = offsets_[some[i]];
            }
            products.add_to(values, some);
            for (std::size_t i = 0; i < some.size(); ++i) {
                if (!is_euclidean_) {
                    values[i] = 1.0 - values[i] * (-query_factors_[query] * factors_[some[i]]);
                }
                kept_[query].offer(values[i], static_cast<std::int64_t>(first_row_ + some[i]));
            }
        }
        limits_[query] = kept_[query].limit();
    }

    void compare_all(std::size_t begin, std::size_t end) {
        for (std::size_t row = 0; row < rows_.n_rows(); row += tile_columns_) {
            compare(begin, end, row);
        }
    }

    /// Compares queries [begin, end) with the rows of one tile.
    void compare(std::size_t begin, std::size_t end, std::size_t first_row) {
        double offsets[max_panel_rows * max_tile_columns];
        for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
            std::copy_n(offsets_.data() + first_row, tile_columns_, offsets + r * tile_columns_);
        }
        const double* const rows = rows_.panel(first_row / kernels_.panel_rows);
        for (std::size_t query = begin; query < end; query += kernels_.panel_rows) {
            alignas(64) double tile[max_panel_rows * max_tile_columns];
            std::copy_n(offsets, kernels_.panel_rows * tile_columns_, tile);
            add_products_(queries_.panel(query / kernels_.panel_rows), rows, rows_.panel_stride(),
                          features_.size(), tile);
            offer(query, std::min(kernels_.panel_rows, end - query), first_row, tile);
        }
    }

    /// Offers queries what may be kept of their rows of a tile.
    void offer(std::size_t first_query, std::size_t n_queries, std::size_t first_row,
               double* tile) {
        if (!is_euclidean_) {
            scale(first_query, n_queries, first_row, tile);
        }
        std::uint32_t columns[max_panel_rows];
        kernels_.columns_above(tile, limits_.data() + first_query, columns);
        const std::size_t n_rows = std::min(tile_columns_, rows_.n_rows() - first_row);
        const std::uint32_t exist = (std::uint32_t{1} << n_rows) - 1;
        for (std::size_t r = 0; r < n_queries; ++r) {
            if ((columns[r] & exist) != 0) {
                LargestScores& kept = kept_[first_query + r];
                kept.offer(tile + r * tile_columns_, columns[r] & exist,
                           static_cast<std::int64_t>(first_row_ + first_row));
                limits_[first_query + r] = kept.limit();
            }
        }
    }

    void scale(std::size_t first_query, std::size_t n_queries, std::size_t first_row,
               double* tile) const {
        for (std::size_t r = 0; r < n_queries; ++r) {
            double* const scores = tile + r * tile_columns_;
            kernels_.scaled_distances(scores, -query_factors_[first_query + r],
                                      factors_.data() + first_row, scores);
        }
    }

    void write(std::size_t query, const NearestRows& found) {
        std::int64_t* const rows = found.rows + query * found.n_kept;
        double* const distances = found.distances + query * found.n_kept;
        // Infinitely far rows have not been kept.
        std::fill_n(rows, found.n_kept, 0);
        std::fill_n(distances, found.n_kept, infinity);
        std::size_t place = 0;
        for (const auto [score, row] : kept_[query].take_sorted(nearest_kernels_)) {
            rows[place] = row;
            distances[place++] = distance(query, score);
        }
    }

    double distance(std::size_t query, double score) const {
        const double norm = queries_.norms()[query];
        return is_euclidean_ ? norm * norm - 2.0 * score : 2.0 - score;
    }

    const bool is_euclidean_;
    const Kernels& kernels_;
    const NearestKernels& nearest_kernels_;
    const MatrixView query_rows_;
    const int n_threads_;
    const decltype(Kernels::add_products) add_products_;
    const std::size_t tile_columns_;
    std::vector<std::int64_t> features_;
    // Of each query: what lies above may be kept.
    std::vector<double> limits_;
    PackedRows queries_;
    PackedRows rows_;
    std::size_t first_row_ = 0;
    double largest_norm_ = 0.0;
    std::vector<double> offsets_;
    std::vector<double> factors_;
    std::vector<double> query_factors_;
    std::optional<CandidateSearch> candidates_;
    std::vector<LargestScores> kept_;
};

}  // namespace

double find_nearest(const MatrixView& queries, const MatrixView& rows, Metric metric, int n_threads,
                    const NearestRows& found) {
    require(queries.n_columns == rows.n_columns, "queries and rows must have as many columns");
    require(found.n_kept >= 1 && found.n_kept <= rows.n_rows,
            "n_kept must be from 1 to the number of rows");
    const double n_steps = static_cast<double>(queries.n_rows) * static_cast<double>(rows.n_rows) *
                           static_cast<double>(rows.n_columns);
    NearestSearch search(queries, metric, found.n_kept, active_kernels(),
                         threads_worth(n_threads, n_steps));
    const std::size_t step =
        std::max(queries_in_task, values_at_once / std::max<std::size_t>(1, rows.n_columns));
    for (std::size_t first = 0; first < rows.n_rows; first += step) {
        const std::size_t n = std::min(step, rows.n_rows - first);
        search.add(some_rows(rows, first, n), first, first + n == rows.n_rows ? &found : nullptr);
    }
    return search.largest_square();
}

}  // namespace fastshesha
