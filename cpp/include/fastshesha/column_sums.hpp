#pragma once

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// What is added of an element less its column's centre.
enum class Deviation { plain, squared };

/// sums[k] = sum over the rows, one after the other, of the deviations of column k from centre[k].
/// From 0 they are what numpy adds where a row's elements lie closer together than a column's.
/// Threads share the columns, so their number changes no bit. One pass over the data.
void column_sums(const MatrixView& X, const double* centre, Deviation deviation, int n_threads,
                 double* sums);

}  // namespace fastshesha
