#include "fastshesha/unit_rows.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "pairwise_mean.hpp"
#include "row_loop.hpp"

namespace fastshesha {
namespace {

/// Divides values by their norm, which it returns; `squares` is scratch space.
double divide_by_norm(double* values, std::size_t n, double smallest_norm, double* squares) {
    for (std::size_t k = 0; k < n; ++k) {
        squares[k] = values[k] * values[k];
    }
    const double norm = std::max(std::sqrt(pairwise_sum(squares, n)), smallest_norm);
    for (std::size_t k = 0; k < n; ++k) {
        values[k] /= norm;
    }
    return norm;
}

}  // namespace

bool unit_rows(const MatrixView& X, double smallest_norm, int n_threads, double* unit) {
    const std::size_t n = X.n_columns;
    const double n_steps = static_cast<double>(X.n_rows) * static_cast<double>(n);
    std::atomic<bool> are_finite{true};
    for_rows(X.n_rows, n, threads_worth(n_threads, n_steps), [&](std::size_t i, double* squares) {
        read_row(X, i, 0, n, unit + i * n);
        if (std::isinf(divide_by_norm(unit + i * n, n, smallest_norm, squares))) {
            are_finite.store(false);
        }
    });
    return are_finite.load();
}

}  // namespace fastshesha
