#include "heavy_features.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fastshesha {
namespace {

// Each is a term of its own in every pair of a half.
constexpr std::size_t most_heavy = 8;
constexpr double heavy_share = 16.0;  // in multiples of the mean feature's

/// Sums of squares of every column; rows are passed once.
std::vector<double> column_squares(const MatrixView& X) {
    std::vector<double> squares(X.n_columns, 0.0);
    std::vector<double> row(X.n_columns);
    for (std::size_t i = 0; i < X.n_rows; ++i) {
        read_row(X, i, 0, X.n_columns, row.data());
        for (std::size_t k = 0; k < X.n_columns; ++k) {
            squares[k] += row[k] * row[k];
        }
    }
    return squares;
}

}  // namespace

bool HeavyFeatures::contain(std::int64_t column) const {
    return std::binary_search(columns.begin(), columns.end(), column);
}

HeavyFeatures find_heavy_features(const MatrixView& X) {
    HeavyFeatures heavy;
    const std::vector<double> squares = column_squares(X);
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
    std::vector<double> row(X.n_columns);
    for (std::size_t i = 0; i < X.n_rows; ++i) {
        read_row(X, i, 0, X.n_columns, row.data());
        for (const std::int64_t k : heavy.columns) {
            row[static_cast<std::size_t>(k)] = 0.0;
        }
        heavy.light_norms.push_back(
            std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0)));
    }
    return heavy;
}

}  // namespace fastshesha
