#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/tile_stream.hpp"
#include "kernels/stream_kernels.hpp"
#include "row_reader.hpp"
#include "stream_rows.hpp"
#include "tile_areas.hpp"

namespace fastshesha {

/// Rows of a sequence that make up block `index` of `n_blocks` nearly equal ones.
std::span<const std::int64_t> rows_of_block(const PairPlan& plan, std::size_t index);
std::size_t largest_block(const PairPlan& plan);

/// Refuses plans and tiles that cannot be.
void require_plan(const PairPlan& plan, std::size_t first_tile, std::size_t last_tile);

/// Packs the rows of tiles, one tile after the other.
template <class Scalar>
class TileLoader {
public:
    TileLoader(const StreamPair& pair, const PairPlan& plan, const StreamKernels<Scalar>& kernels);
    void load(std::size_t tile);

    const StreamRows<Scalar>& rows() const { return rows_; }
    const StreamRows<Scalar>& columns() const { return columns_; }
    const TileAreas& areas() const { return areas_; }

private:
    void load_square(std::size_t tile);
    void load_rounds(std::size_t tile);
    void hold_block(std::size_t block, StreamRows<Scalar>& rows);
    void place_block(std::size_t block, std::span<StreamRows<Scalar>* const> layouts);

    const StreamPair& pair_;
    const PairPlan& plan_;
    RowReader<Scalar> reader_;
    StreamRows<Scalar> rows_;
    StreamRows<Scalar> columns_;
    TileAreas areas_;
};

}  // namespace fastshesha
