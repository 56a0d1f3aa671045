#pragma once

#include <cstddef>

#include "fastshesha/distance.hpp"
#include "fastshesha/metric.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"

namespace fastshesha {

/// Distances of one tile: some packed rows to others, or to the same.
class TileDistances {
public:
    TileDistances(const PackedRows& rows, const PackedRows& columns, Metric metric,
                  const Kernels& kernels, Rounding rounding)
        : rows_(rows),
          columns_(columns),
          metric_(metric),
          kernels_(kernels),
          rounding_(rounding),
          lists_products_(rows.nonzero().listed() && columns.nonzero().listed()) {}

    std::size_t n_columns() const { return kernels_.panel_rows * kernels_.tile_panels; }

    /// Adds products, or squared differences, to the sums of the tile at a row and a column.
    void accumulate(std::size_t first_row, std::size_t first_column, double* tile) const;

    /// Turns the sums of row i of a tile into distances.
    void finish_row(std::size_t i, std::size_t first_column, const double* sums,
                    double* distances) const;

private:
    template <class AddLane>
    void add_lanes(double* tile, const AddLane& add_lane) const;
    bool squares_from_products(std::size_t first_row, std::size_t first_column, double* tile) const;

    const PackedRows& rows_;
    const PackedRows& columns_;
    const Metric metric_;
    const Kernels& kernels_;
    const Rounding rounding_;
    /// Whether products of rows' zeros are left out; columns are listed, too, and thus finite.
    const bool lists_products_;
};

}  // namespace fastshesha
