#include "fastshesha/row_means.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "pairwise_mean.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t means_in_task = 32;
constexpr std::size_t rows_at_once = 16;
constexpr std::size_t columns_at_once = 8;

/// Adds rows to their sums, some columns at a time, which stay in registers.
void add_rows(std::span<const double* const> rows, std::size_t n_features, double* sums) {
    std::size_t k = 0;
    for (; k + columns_at_once <= n_features; k += columns_at_once) {
        double some[columns_at_once];
        std::copy_n(sums + k, columns_at_once, some);
        for (const double* row : rows) {
            for (std::size_t c = 0; c < columns_at_once; ++c) {
                some[c] += row[k + c];
            }
        }
        std::copy_n(some, columns_at_once, sums + k);
    }
    for (; k < n_features; ++k) {
        for (const double* row : rows) {
            sums[k] += row[k];
        }
    }
}

/// Numpy adds rows one by one, and numbers, rows of one feature, pairwise. The buffer is for
/// rows_at_once rows, or for all members of one feature.
void mean_of(const MatrixView& rows, std::span<const std::int64_t> members, double* buffer,
             double* mean) {
    const std::size_t n_features = rows.n_columns;
    if (n_features == 1) {
        double* value = buffer;
        for (const std::int64_t row : members) {
            read_row(rows, static_cast<std::size_t>(row), 0, 1, value++);
        }
        *mean = pairwise_mean(buffer, members.size());
        return;
    }
    std::fill_n(mean, n_features, 0.0);
    for (std::size_t first = 0; first < members.size(); first += rows_at_once) {
        const auto some = members.subspan(first, std::min(rows_at_once, members.size() - first));
        const double* values[rows_at_once];
        for (std::size_t i = 0; i < some.size(); ++i) {
            values[i] = view_row(rows, static_cast<std::size_t>(some[i]), 0, n_features,
                                 buffer + i * n_features);
        }
        add_rows({values, some.size()}, n_features, mean);
    }
    for (std::size_t k = 0; k < n_features; ++k) {
        mean[k] /= static_cast<double>(members.size());
    }
}

}  // namespace

void mean_rows(const MatrixView& rows, const std::int64_t* chosen, std::size_t n_means,
               std::size_t n_chosen, int n_threads, double* means) {
    const std::size_t n_tasks = (n_means + means_in_task - 1) / means_in_task;
    const double n_steps = static_cast<double>(n_means) * static_cast<double>(n_chosen) *
                           static_cast<double>(rows.n_columns);
    parallel_for(n_tasks, threads_worth(n_threads, n_steps), [&](std::size_t task, const Worker&) {
        std::vector<double> buffer(std::max(rows_at_once * rows.n_columns, n_chosen));
        const std::size_t end = std::min(n_means, (task + 1) * means_in_task);
        for (std::size_t i = task * means_in_task; i < end; ++i) {
            const std::span<const std::int64_t> members(chosen + i * n_chosen, n_chosen);
            mean_of(rows, members, buffer.data(), means + i * rows.n_columns);
        }
    });
}

}  // namespace fastshesha
