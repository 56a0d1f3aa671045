#include "fastshesha/row_means.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "pairwise_mean.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t means_in_task = 32;

void add(const double* values, std::size_t n, double* sums) {
    for (std::size_t k = 0; k < n; ++k) {
        sums[k] += values[k];
    }
}

/// Numpy adds rows one by one, and numbers, rows of one feature, pairwise.
void mean_of(const MatrixView& rows, std::span<const std::int64_t> members, double* values,
             double* mean) {
    const std::size_t n_features = rows.n_columns;
    if (n_features == 1) {
        double* value = values;
        for (const std::int64_t row : members) {
            read_row(rows, static_cast<std::size_t>(row), 0, 1, value++);
        }
        *mean = pairwise_mean(values, members.size());
        return;
    }
    std::fill_n(mean, n_features, 0.0);
    for (const std::int64_t row : members) {
        read_row(rows, static_cast<std::size_t>(row), 0, n_features, values);
        add(values, n_features, mean);
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
        std::vector<double> values(std::max(rows.n_columns, n_chosen));
        const std::size_t end = std::min(n_means, (task + 1) * means_in_task);
        for (std::size_t i = task * means_in_task; i < end; ++i) {
            const std::span<const std::int64_t> members(chosen + i * n_chosen, n_chosen);
            mean_of(rows, members, values.data(), means + i * rows.n_columns);
        }
    });
}

}  // namespace fastshesha
