#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"
#include "rank_sink.hpp"
#include "row_classes.hpp"
#include "tile_order.hpp"

namespace fastshesha {

using Columns = std::span<const std::int64_t>;

/// Norm of n values with SciPy's bits.
double exact_norm(const double* values, std::size_t n);

/// Distance of a row to a copy of itself, over the given columns, with SciPy's bits: 0, or a few
/// roundings beside it, or NaN. `row` is scratch space of the columns' size.
double self_distance(const MatrixView& X, std::size_t i, Columns columns, Metric metric,
                     double* row);

/// How far a cosine distance from fused products can lie from SciPy's: both sums stray from the
/// true dot product by at most one rounding a term, relative to the product of the norms.
double fused_error(std::size_t n_features);

/// How the halves of a split come out of a group's running sum.
struct GroupedSums {
    std::size_t n_features;
    std::size_t n_toggles;
    std::size_t n_terms;   ///< products added or taken away by themselves
    double largest_ratio;  ///< norm of what is summed over that of a row of the half, 1 at least
    bool centred;          ///< means are taken out by a term
};

/// The same for such halves.
double grouped_error(const GroupedSums& sums);

/// Whether every norm is far from overflow and underflow, as the errors take for granted; then all
/// distances are defined.
bool norms_are_tame(std::span<const double> norms);

/// Distances of all pairs with another rounding than SciPy's, standing for SciPy's.
class PairDistances final : public Approximation {
public:
    /// The distances lie in an order of tiles, or are condensed where it is null. Rows of one class
    /// are equal; null says that nothing is known.
    PairDistances(const MatrixView& X, Columns columns, Metric metric,
                  std::span<const double> norms, const ApproximateValues& distances,
                  const RowClasses* classes = nullptr, const TileOrder* order = nullptr);

    /// With SciPy's bits, one pair at a time.
    double exact(std::size_t index) const override;
    bool are_equal(const std::uint32_t* indices, std::size_t n) const override;

private:
    std::pair<std::size_t, std::size_t> pair_of(std::size_t index) const;

    const MatrixView& X_;
    Columns columns_;
    Metric metric_;
    std::span<const double> norms_;
    const RowClasses* classes_;
    const TileOrder* order_;
};

}  // namespace fastshesha
