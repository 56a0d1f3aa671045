#include "fastshesha/finite.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t block_elements = 4096;

bool is_floating(ElementType type) {
    return type == ElementType::float16 || type == ElementType::float32 ||
           type == ElementType::bfloat16 || type == ElementType::float64;
}

/// x - x is 0 for finite x and NaN otherwise, so one sum decides for the whole block.
bool block_is_finite(const std::byte* start, std::size_t n) {
    const auto value = [=](std::size_t i) {
        double x;
        std::memcpy(&x, start + i * sizeof x, sizeof x);
        return x;
    };
    double lanes[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) {
            lanes[lane] += value(i + lane) - value(i + lane);
        }
    }
    for (; i < n; ++i) {
        lanes[0] += value(i) - value(i);
    }
    double total = 0.0;
    for (const double lane : lanes) {
        total += lane;
    }
    return total == 0.0;
}

/// Infinity and NaN have all bits of the exponent set.
template <class Bits>
bool neighbours_are_finite(const std::byte* start, std::size_t n, Bits exponent) {
    Bits found = 0;
    for (std::size_t k = 0; k < n; ++k) {
        Bits bits;
        std::memcpy(&bits, start + k * sizeof(Bits), sizeof bits);
        found |= static_cast<Bits>((bits & exponent) == exponent);
    }
    return found == 0;
}

std::ptrdiff_t size_of(ElementType type) {
    if (type == ElementType::float64) {
        return 8;
    }
    return type == ElementType::float32 ? 4 : 2;
}

/// A row whose elements are neighbours in the machine's order, as they lie.
bool plain_row_is_finite(const MatrixView& X, std::size_t row) {
    const std::byte* start = X.data + static_cast<std::ptrdiff_t>(row) * X.row_stride;
    if (X.type == ElementType::float64) {
        return block_is_finite(start, X.n_columns);
    }
    if (X.type == ElementType::float32) {
        return neighbours_are_finite<std::uint32_t>(start, X.n_columns, 0x7f800000u);
    }
    const bool is_half = X.type == ElementType::float16;
    return neighbours_are_finite<std::uint16_t>(start, X.n_columns, is_half ? 0x7c00u : 0x7f80u);
}

bool row_is_finite(const MatrixView& X, std::size_t row, double* buffer) {
    if (X.column_stride == size_of(X.type) && !X.is_swapped) {
        return plain_row_is_finite(X, row);
    }
    for (std::size_t column = 0; column < X.n_columns; column += block_elements) {
        const std::size_t n = std::min(block_elements, X.n_columns - column);
        read_row(X, row, column, n, buffer);
        if (!block_is_finite(reinterpret_cast<const std::byte*>(buffer), n)) {
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
    const double n_elements = static_cast<double>(X.n_rows) * static_cast<double>(X.n_columns);
    parallel_for(
        n_tasks, threads_worth(n_threads, n_elements), [&](std::size_t task, const Worker&) {
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
