#pragma once

#include <cstddef>

#include "packed_rows.hpp"
#include "rank_sink.hpp"

namespace fastshesha {

/// Cosine distance of packed rows i and j with SciPy's bits, one pair at a time.
double cosine_distance(const PackedRows& rows, std::size_t i, std::size_t j);

/// How far a cosine distance from fused products can lie from SciPy's: both sums stray from the
/// true dot product by at most one rounding a term, relative to the product of the norms.
double fused_error(std::size_t n_features);

/// Whether every norm is far from overflow and underflow, as fused_error takes for granted.
bool norms_are_tame(const PackedRows& rows);

/// Condensed cosine distances from fused products, standing for those of SciPy.
class FusedDistances final : public Approximation {
public:
    explicit FusedDistances(const PackedRows& rows);
    double exact(std::size_t index) const override;

private:
    const PackedRows& rows_;
};

}  // namespace fastshesha
