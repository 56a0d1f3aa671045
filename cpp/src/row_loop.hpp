#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "parallel.hpp"

namespace fastshesha {

/// Calls use(i, scratch) for every i in [0, n_rows) on several threads; `scratch` holds n_scratch
/// doubles.
template <class Use>
void for_rows(std::size_t n_rows, std::size_t n_scratch, int n_threads, const Use& use) {
    constexpr std::size_t rows_in_task = 64;
    const std::size_t n_tasks = (n_rows + rows_in_task - 1) / rows_in_task;
    parallel_for(n_tasks, n_threads, [&](std::size_t task, const Worker&) {
        std::vector<double> scratch(n_scratch);
        const std::size_t end = std::min(n_rows, (task + 1) * rows_in_task);
        for (std::size_t i = task * rows_in_task; i < end; ++i) {
            use(i, scratch.data());
        }
    });
}

}  // namespace fastshesha
