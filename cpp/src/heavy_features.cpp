#include "heavy_features.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "fastshesha/column_sums.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

// Each is a term of its own in every pair of a half.
constexpr std::size_t most_heavy = 8;
constexpr double heavy_share = 16.0;  // in multiples of the mean feature's
constexpr std::size_t rows_in_task = 64;

std::vector<double> column_squares(const MatrixView& X, int n_threads) {
    const std::vector<double> zeros(X.n_columns, 0.0);
    std::vector<double> squares(X.n_columns);
    column_sums(X, zeros.data(), Deviation::squared, n_threads, squares.data());
    return squares;
}

double sum_of_squares(const std::vector<double>& values) {
    // Lanes do not wait for each other.
    double lanes[8] = {};
    std::size_t k = 0;
    for (; k + std::size(lanes) <= values.size(); k += std::size(lanes)) {
        for (std::size_t lane = 0; lane < std::size(lanes); ++lane) {
            lanes[lane] += values[k + lane] * values[k + lane];
        }
    }
    for (; k < values.size(); ++k) {
        lanes[0] += values[k] * values[k];
    }
    return std::accumulate(std::begin(lanes), std::end(lanes), 0.0);
}

/// Norms of all rows without some columns.
std::vector<double> norms_without(const MatrixView& X, const std::vector<std::int64_t>& columns,
                                  int n_threads) {
    std::vector<double> norms(X.n_rows);
    parallel_for((X.n_rows + rows_in_task - 1) / rows_in_task, n_threads,
                 [&](std::size_t task, const Worker&) {
                     std::vector<double> row(X.n_columns);
                     const std::size_t end = std::min(X.n_rows, (task + 1) * rows_in_task);
                     for (std::size_t i = task * rows_in_task; i < end; ++i) {
                         read_row(X, i, 0, X.n_columns, row.data());
                         for (const std::int64_t k : columns) {
                             row[static_cast<std::size_t>(k)] = 0.0;
                         }
                         norms[i] = std::sqrt(sum_of_squares(row));
                     }
                 });
    return norms;
}

}  // namespace

bool HeavyFeatures::contain(std::int64_t column) const {
    return std::binary_search(columns.begin(), columns.end(), column);
}

HeavyFeatures find_heavy_features(const MatrixView& X, int n_threads) {
    HeavyFeatures heavy;
    const std::vector<double> squares = column_squares(X, n_threads);
    const double sum = std::accumulate(squares.begin(), squares.end(), 0.0);
    const double limit = heavy_share * sum / static_cast<double>(X.n_columns);
    for (std::size_t k = 0; k < X.n_columns; ++k) {
        if (squares[k] > limit) {
            heavy.columns.push_back(static_cast<std::int64_t>(k));
        }
    }
    const auto heavier = [&](std::int64_t a, std::int64_t b) {
        return squares[static_cast<std::size_t>(a)] > squares[static_cast<std::size_t>(b)];
    };
    std::stable_sort(heavy.columns.begin(), heavy.columns.end(), heavier);
    heavy.columns.resize(std::min(heavy.columns.size(), most_heavy));
    std::sort(heavy.columns.begin(), heavy.columns.end());
    heavy.light_norms = norms_without(X, heavy.columns, n_threads);
    return heavy;
}

}  // namespace fastshesha
