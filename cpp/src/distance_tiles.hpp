#pragma once

#include <cstddef>

#include "fastshesha/metric.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"
#include "parallel.hpp"
#include "tile_grid.hpp"

namespace fastshesha {

enum class Rounding {
    exact,  ///< SciPy's bits
    fused,  ///< fused multiply-adds: see fused_error for how far from SciPy
};

/// Distances of packed rows, block after block of a tile grid.
class DistanceTiles {
public:
    DistanceTiles(const PackedRows& rows, Metric metric, const Kernels& kernels,
                  Rounding rounding = Rounding::exact)
        : rows_(rows),
          metric_(metric),
          kernels_(kernels),
          rounding_(rounding),
          grid_(rows.n_rows(), rows.n_features(), kernels) {}

    std::size_t n_blocks() const { return grid_.n_blocks(); }

    /// Writes the distances of block `index` into the condensed vector `out`.
    void compute_block(std::size_t index, double* out) const;

    /// Writes all distances on one thread, which looks for Ctrl-C in between.
    void compute_all(const Worker& worker, double* out) const;

private:
    void accumulate(std::size_t first_row, std::size_t first_column, double* tile) const;
    void finish_row(std::size_t i, std::size_t first_column, const double* sums, double* out) const;

    const PackedRows& rows_;
    const Metric metric_;
    const Kernels& kernels_;
    const Rounding rounding_;
    const TileGrid grid_;
};

}  // namespace fastshesha
