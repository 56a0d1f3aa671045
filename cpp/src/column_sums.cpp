#include "fastshesha/column_sums.hpp"

#include <algorithm>
#include <vector>

#include "column_stripes.hpp"
#include "kernels/dispatch.hpp"
#include "parallel.hpp"

namespace fastshesha {

void column_sums(const MatrixView& X, const double* centre, Deviation deviation, int n_threads,
                 double* sums) {
    const Kernels& kernels = active_kernels();
    const auto add =
        deviation == Deviation::plain ? kernels.add_deviations : kernels.add_squared_deviations;
    const double n_steps = static_cast<double>(X.n_rows) * static_cast<double>(X.n_columns);
    const int n_used = threads_worth(n_threads, n_steps);
    const std::size_t width = stripes_in_task(X, 3, n_used) * stripe_columns;
    std::fill_n(sums, X.n_columns, 0.0);
    parallel_for((X.n_columns + width - 1) / width, n_used,
                 [&](std::size_t task, const Worker& worker) {
                     const std::size_t first = task * width;
                     const std::size_t n = std::min(width, X.n_columns - first);
                     std::vector<double> values(n);
                     for (std::size_t row = 0; row < X.n_rows; ++row) {
                         if (row % rows_between_looks == 0) {
                             worker.check_interrupt();
                         }
                         prefetch_row(X, std::min(row + rows_ahead, X.n_rows - 1), first, n);
                         read_row(X, row, first, n, values.data());
                         add(values.data(), centre + first, n, sums + first);
                     }
                 });
}

}  // namespace fastshesha
