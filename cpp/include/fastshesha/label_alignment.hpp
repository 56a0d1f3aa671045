#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/correlation.hpp"

namespace fastshesha {

/// Spearman correlation of condensed distances with the 0/1 RDM "labels differ". The second
/// vector is binary, so its ranks take two values and rho is a centred rank sum (Mann-Whitney).
/// `distances` holds n (n - 1) / 2 values for n = codes.size(). Any NaN gives NaN.
Correlation label_alignment(const double* distances, std::span<const std::int64_t> codes,
                            int n_threads);

}  // namespace fastshesha
