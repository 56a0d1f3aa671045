#pragma once

#include <cstddef>

#include "fastshesha/metric.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"
#include "parallel.hpp"
#include "tile_distances.hpp"
#include "tile_grid.hpp"

namespace fastshesha {

/// Distances of packed rows, block after block of a tile grid.
class DistanceTiles {
public:
    DistanceTiles(const PackedRows& rows, Metric metric, const Kernels& kernels,
                  Rounding rounding = Rounding::exact)
        : distances_(rows, rows, metric, kernels, rounding),
          grid_(rows.n_rows(), rows.n_features(), kernels) {}

    std::size_t n_blocks() const { return grid_.n_blocks(); }

    /// Writes the distances of block `index` into the condensed vector `out`.
    void compute_block(std::size_t index, double* out) const;

    /// Writes all distances on one thread, which looks for Ctrl-C in between.
    void compute_all(const Worker& worker, double* out) const;

private:
    const TileDistances distances_;
    const TileGrid grid_;
};

}  // namespace fastshesha
