#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/tile_stream.hpp"
#include "stream_rows.hpp"

namespace fastshesha {

/// Where a stretch of pairs stands: one row against consecutive rows of one block.
struct PairPlace {
    std::size_t round;
    std::size_t row_block;
    std::size_t row_in_block;
    std::size_t first_in_block;
};

/// Takes the similarities of pairs, one row of a tile at a time.
class PairSink {
public:
    virtual ~PairSink() = default;
    /// Similarities of one row to n <= stream_strip others, not all of which are pairs.
    virtual void enter(const double* a, const double* b, std::size_t n) = 0;
    /// Entries [first, first + n) of what was entered are pairs.
    virtual void take(std::size_t first, std::size_t n, const PairPlace& place) = 0;
};

/// Rows of a sequence that make up block `index` of `n_blocks` nearly equal ones.
std::span<const std::int64_t> rows_of_block(const PairPlan& plan, std::size_t index);
std::size_t largest_block(const PairPlan& plan);

/// Computes tiles, one after the other, in buffers of its own.
class StreamTiles {
public:
    StreamTiles(const StreamPair& pair, const PairPlan& plan, const Kernels& kernels);
    void run(std::size_t tile, PairSink& sink);

private:
    /// Slots of one column block that a row block is paired with.
    struct Range {
        std::size_t first;
        std::size_t last;
        std::size_t round;
    };

    /// Slots of columns that are multiplied together.
    struct Area {
        std::size_t first;
        std::size_t last;
    };

    void run_square(std::size_t tile, PairSink& sink);
    void run_rounds(std::size_t tile, PairSink& sink);
    void cross(const StreamRows& columns, bool above_diagonal, PairSink& sink);
    void run_panel(std::size_t first_slot, std::size_t strip, const StreamRows& columns,
                   bool above_diagonal, PairSink& sink);
    void sink_row(std::size_t slot, std::size_t row, const Area& area, bool above_diagonal,
                  PairSink& sink) const;
    std::span<const Range> ranges_of(std::size_t block) const;
    void compute(std::size_t row_slot, const StreamRows& columns, std::size_t first_column,
                 std::size_t n_columns);
    void multiply(std::size_t side, std::size_t row_slot, const StreamRows& columns,
                  std::size_t first_column, std::size_t n_columns);
    void compare_codes(std::size_t row_slot, const StreamRows& columns, std::size_t first_column);

    const StreamPair& pair_;
    const PairPlan& plan_;
    const Kernels& kernels_;
    StreamRows rows_;
    StreamRows columns_;
    std::vector<double> values_[2];
    // As many for each of the first blocks of rows_, which are paired.
    std::vector<Range> ranges_;
    std::size_t ranges_per_block_ = 1;
    std::vector<std::size_t> block_of_slot_;
};

}  // namespace fastshesha
