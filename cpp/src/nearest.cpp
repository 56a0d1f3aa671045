#include "fastshesha/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "largest_scores.hpp"
#include "packed_rows.hpp"
#include "parallel.hpp"
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
        }
    }

    /// Compares all queries with the next rows, the first of which has this number.
    void add(const MatrixView& rows, std::size_t first_row) {
        rows_.pack(rows, features_, Metric::euclidean, kernels_, n_threads_);
        first_row_ = first_row;
        describe_rows();
        const std::size_t step = queries_in_block();
        const std::size_t n_tasks = (kept_.size() + step - 1) / step;
        parallel_for(n_tasks, n_threads_, [&](std::size_t task, const Worker&) {
            const std::size_t end = std::min(kept_.size(), (task + 1) * step);
            for (std::size_t row = 0; row < rows_.n_rows(); row += tile_columns_) {
                compare(task * step, end, row);
            }
        });
    }

    double largest_square() const { return largest_norm_ * largest_norm_; }

    void write(const NearestRows& found) {
        parallel_for(kept_.size(), n_threads_, [&](std::size_t query, const Worker&) {
            std::int64_t* const rows = found.rows + query * found.n_kept;
            double* const distances = found.distances + query * found.n_kept;
            // Infinitely far rows have not been kept.
            std::fill_n(rows, found.n_kept, 0);
            std::fill_n(distances, found.n_kept, infinity);
            std::size_t place = 0;
            for (const auto [score, row] : kept_[query].sorted()) {
                rows[place] = row;
                distances[place++] = distance(query, score);
            }
        });
    }

private:
    std::size_t queries_in_block() const {
        return std::min(queries_in_task, rows_in_block(features_.size(), kernels_));
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
            kernels_.scaled_distances(scores, -inverse_norm(queries_.norms()[first_query + r]),
                                      factors_.data() + first_row, scores);
        }
    }

    double distance(std::size_t query, double score) const {
        const double norm = queries_.norms()[query];
        return is_euclidean_ ? norm * norm - 2.0 * score : 2.0 - score;
    }

    const bool is_euclidean_;
    const Kernels& kernels_;
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
        search.add(some_rows(rows, first, std::min(step, rows.n_rows - first)), first);
    }
    search.write(found);
    return search.largest_square();
}

}  // namespace fastshesha
