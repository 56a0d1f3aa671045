#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Neighbouring columns of a stripe; sums of one stripe never depend on another's.
inline constexpr std::size_t stripe_columns = 64;
/// Rows between two looks for an interrupt.
inline constexpr std::size_t rows_between_looks = 4096;
/// Rows that are asked for before they are read: stretches of rows are no stream to the memory.
inline constexpr std::size_t rows_ahead = 8;

inline std::size_t count_stripes(const MatrixView& X) {
    return (X.n_columns + stripe_columns - 1) / stripe_columns;
}

/// Whether the elements of a column lie closer together than those of a row.
inline bool columns_are_contiguous(const MatrixView& X) {
    return std::abs(X.row_stride) < std::abs(X.column_stride);
}

/// Stripes that a task passes together: a thread reads long stretches of rows, while the sums of a
/// task, `n_sums` a column, stay in its cache, and the lines of columns that lie apart.
inline std::size_t stripes_in_task(const MatrixView& X, std::size_t n_sums, int n_threads) {
    constexpr std::size_t most_sums = std::size_t{1} << 16;
    if (columns_are_contiguous(X)) {
        return 1;
    }
    const auto n_tasks = static_cast<std::size_t>(std::max(1, n_threads));
    const std::size_t most = std::max<std::size_t>(1, most_sums / (n_sums * stripe_columns));
    return std::clamp<std::size_t>((count_stripes(X) + n_tasks - 1) / n_tasks, 1, most);
}

}  // namespace fastshesha
