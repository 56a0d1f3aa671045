#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/tile_stream.hpp"
#include "kernels/stream_kernels.hpp"
#include "row_reader.hpp"
#include "stream_rows.hpp"

namespace fastshesha {

/// Where a stretch of pairs stands: one row against consecutive rows of one block.
struct PairPlace {
    std::size_t round;
    std::size_t row_block;
    std::size_t row_in_block;
    std::size_t first_in_block;
};

/// Takes the similarities of pairs, an area of a tile at a time.
template <class Scalar>
class PairSink {
public:
    virtual ~PairSink() = default;
    /// Similarities of n <= stream_area entries, not all of which are pairs.
    virtual void enter(const Scalar* a, const Scalar* b, std::size_t n) = 0;
    /// Entries [first, first + n) of what was entered are pairs. Without rounds they may be those
    /// of several rows, and have no place.
    virtual void take(std::size_t first, std::size_t n, const PairPlace& place) = 0;
};

/// Rows of a sequence that make up block `index` of `n_blocks` nearly equal ones.
std::span<const std::int64_t> rows_of_block(const PairPlan& plan, std::size_t index);
std::size_t largest_block(const PairPlan& plan);

/// Computes tiles, one after the other, in buffers of its own.
template <class Scalar>
class StreamTiles {
public:
    StreamTiles(const StreamPair& pair, const PairPlan& plan);
    void run(std::size_t tile, PairSink<Scalar>& sink);

private:
    using Rows = StreamRows<Scalar>;

    /// Slots of one column block that a row block is paired with.
    struct Range {
        std::size_t first;
        std::size_t last;
        std::size_t round;
    };

    /// Rows [first_row, last_row) from the panel of `begin` on, and a panel of columns.
    struct Area {
        std::size_t begin;
        std::size_t first_row;
        std::size_t last_row;
        std::size_t first_column;
    };

    void run_square(std::size_t tile, PairSink<Scalar>& sink);
    void run_rounds(std::size_t tile, PairSink<Scalar>& sink);
    void hold_block(std::size_t block, Rows& rows);
    void place_block(std::size_t block, std::span<Rows* const> layouts);
    void set_ranges(std::size_t n_row_blocks, bool above_diagonal);
    void cross(PairSink<Scalar>& sink);
    void run_group(std::size_t begin, std::size_t end, PairSink<Scalar>& sink);
    void run_area(const Area& area, PairSink<Scalar>& sink);
    bool is_whole(const Area& area) const;
    void sink_row(std::size_t slot, const Area& area, PairSink<Scalar>& sink) const;
    void multiply(std::size_t side, const Area& area);
    void compare_codes(const Area& area);

    const StreamPair& pair_;
    const PairPlan& plan_;
    const StreamKernels<Scalar>& kernels_;
    RowReader<Scalar> reader_;
    Rows rows_;
    Rows columns_;
    std::size_t group_rows_;
    std::vector<Scalar> values_[2];
    // As many for each of the first blocks of rows_, which are paired.
    std::vector<Range> ranges_;
    std::size_t ranges_per_block_ = 1;
    std::vector<std::size_t> block_of_slot_;
    // Of every row, the stretch of columns that its pairs lie in.
    std::vector<std::size_t> first_column_;
    std::vector<std::size_t> last_column_;
};

}  // namespace fastshesha
