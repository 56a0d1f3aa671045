#include "seldom_ties.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fastshesha/distance.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t most_rows = 24;

/// Distances of some of the rows, side by side.
std::vector<double> some_distances(const MatrixView& X, std::span<const std::size_t> rows,
                                   Columns columns, Metric metric) {
    MatrixView some;
    some.n_rows = std::min(rows.size(), most_rows);
    some.n_columns = columns.size();
    some.row_stride = static_cast<std::ptrdiff_t>(some.n_columns * sizeof(double));
    some.column_stride = sizeof(double);
    std::vector<double> values(some.n_rows * some.n_columns);
    some.data = reinterpret_cast<const std::byte*>(values.data());
    for (std::size_t k = 0; k < some.n_rows; ++k) {
        const std::size_t row = rows[k * rows.size() / some.n_rows];
        gather_row(X, row, columns.data(), columns.size(), values.data() + k * some.n_columns);
    }
    std::vector<double> distances(n_pairs(some.n_rows));
    condensed_distances(some, metric, 1, distances.data());
    return distances;
}

}  // namespace

bool seldom_ties(const MatrixView& X, std::span<const std::size_t> rows, Columns columns,
                 Metric metric) {
    std::vector<double> distances = some_distances(X, rows, columns, metric);
    const auto is_undefined = [](double distance) { return std::isnan(distance); };
    if (std::any_of(distances.begin(), distances.end(), is_undefined)) {
        return false;
    }
    std::sort(distances.begin(), distances.end());
    const auto is_close = [gap = fused_error(columns.size())](double a, double b) {
        return b - a <= gap;
    };
    return std::adjacent_find(distances.begin(), distances.end(), is_close) == distances.end();
}

}  // namespace fastshesha
