#include "fastshesha/finite.hpp"

#include <algorithm>
#include <atomic>

#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t block_elements = 4096;

bool is_floating(ElementType type) {
    return type == ElementType::float16 || type == ElementType::float32 ||
           type == ElementType::float64;
}

/// x - x is 0 for finite x and NaN otherwise, so one sum decides for the whole block.
bool block_is_finite(const double* values, std::size_t n) {
    double lanes[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) {
            lanes[lane] += values[i + lane] - values[i + lane];
        }
    }
    for (; i < n; ++i) {
        lanes[0] += values[i] - values[i];
    }
    double total = 0.0;
    for (const double lane : lanes) {
        total += lane;
    }
    return total == 0.0;
}

bool row_is_finite(const MatrixView& X, std::size_t row, double* buffer) {
    for (std::size_t column = 0; column < X.n_columns; column += block_elements) {
        const std::size_t n = std::min(block_elements, X.n_columns - column);
        read_row(X, row, column, n, buffer);
        if (!block_is_finite(buffer, n)) {
            return false;
        }
    }
    return true;
}

}  // namespace

bool all_finite(const MatrixView& X, int n_threads) {
    if (!is_floating(X.type)) {
        return true;
    }
    const std::size_t rows_per_task = 1 + 65536 / (X.n_columns + 1);
    const std::size_t n_tasks = (X.n_rows + rows_per_task - 1) / rows_per_task;
    std::atomic<bool> finite{true};
    parallel_for(n_tasks, n_threads, [&](std::size_t task, const Worker&) {
        double buffer[block_elements];
        const std::size_t end = std::min(X.n_rows, (task + 1) * rows_per_task);
        for (std::size_t row = task * rows_per_task; row < end && finite.load(); ++row) {
            if (!row_is_finite(X, row, buffer)) {
                finite.store(false);
            }
        }
    });
    return finite.load();
}

}  // namespace fastshesha
