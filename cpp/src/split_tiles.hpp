#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/split_stream.hpp"
#include "stream_tiles.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// What makes products over a half of the columns similarities: for each slot, the inverse length
/// of its row in either half.
struct HalfRows {
    std::vector<double> whole_squares;
    std::vector<float> a;
    std::vector<float> b;
    /// Whether a slot has similarities in both halves, one byte each.
    std::vector<std::uint8_t> is_defined;
    bool are_all_defined = true;
};

/// Computes tiles of several splits, one tile after the other, in buffers of its own.
class SplitTiles {
public:
    SplitTiles(const SplitStream& stream, const PairPlan& plan);

    /// Packs the rows of a tile and multiplies them over all columns.
    void load(std::size_t tile);
    /// Gives the pairs of one split to a sink.
    void run(const StreamSplit& split, PairSink<float>& sink);

private:
    void describe(const StreamRows<float>& rows, const StreamSplit& split, HalfRows& half) const;
    void multiply_first(const StreamSplit& split, const Area& area, WaitingPairs* waiting);
    void scale(const Area& area);

    const SplitStream& stream_;
    const StreamPair pair_;
    const StreamKernels<float>& kernels_;
    TileLoader<float> tile_;
    WorkBuffer<float> totals_;
    std::vector<float> values_[2];
    HalfRows rows_;
    HalfRows columns_;
};

}  // namespace fastshesha
