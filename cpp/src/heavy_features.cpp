#include "heavy_features.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "fastshesha/column_sums.hpp"
#include "row_loop.hpp"

namespace fastshesha {
namespace {

// Each is a term of its own in every pair of a half.
constexpr std::size_t most_heavy = 8;
constexpr double heavy_share = 16.0;  // in multiples of the mean feature's

std::vector<double> column_squares(const MatrixView& X, int n_threads) {
    const std::vector<double> zeros(X.n_columns, 0.0);
    std::vector<double> squares(X.n_columns);
    column_sums(X, zeros.data(), Deviation::squared, n_threads, squares.data());
    return squares;
}

double sum_of_squares(const double* values, std::size_t n) {
    // Lanes do not wait for each other.
    double lanes[8] = {};
    std::size_t k = 0;
    for (; k + std::size(lanes) <= n; k += std::size(lanes)) {
        for (std::size_t lane = 0; lane < std::size(lanes); ++lane) {
            lanes[lane] += values[k + lane] * values[k + lane];
        }
    }
    for (; k < n; ++k) {
        lanes[0] += values[k] * values[k];
    }
    return std::accumulate(std::begin(lanes), std::end(lanes), 0.0);
}

/// Norms of all rows without some columns.
std::vector<double> norms_without(const MatrixView& X, const std::vector<std::int64_t>& columns,
                                  int n_threads) {
    std::vector<double> norms(X.n_rows);
    for_rows(X.n_rows, X.n_columns, n_threads, [&](std::size_t i, double* row) {
        read_row(X, i, 0, X.n_columns, row);
        for (const std::int64_t k : columns) {
            row[k] = 0.0;
        }
        norms[i] = std::sqrt(sum_of_squares(row, X.n_columns));
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
