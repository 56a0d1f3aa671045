#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Means over some rows, with the bits of numpy's: mean i over the rows chosen[i n_chosen + ...],
/// in their order. `means` holds n_means rows.
void mean_rows(const MatrixView& rows, const std::int64_t* chosen, std::size_t n_means,
               std::size_t n_chosen, int n_threads, double* means);

}  // namespace fastshesha
