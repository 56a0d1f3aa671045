#pragma once

#include <cstddef>
#include <vector>

#include "fastshesha/split_stream.hpp"
#include "split_rows.hpp"
#include "stream_tiles.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Computes tiles of several splits, one tile after the other, in buffers of its own.
class SplitTiles {
public:
    SplitTiles(const SplitStream& stream, const PairPlan& plan);

    /// Packs the rows of a tile and multiplies them over all columns.
    void load(std::size_t tile);
    /// Gives the pairs of one split to a sink.
    void run(const StreamSplit& split, PairSink<float>& sink);

private:
    void multiply_first(const StreamSplit& split, const Area& area, WaitingPairs* waiting);
    void finish(std::size_t half, const Area& area);

    const SplitStream& stream_;
    const StreamPair pair_;
    const StreamKernels<float>& kernels_;
    TileLoader<float> tile_;
    WorkBuffer<float> totals_;
    std::vector<float> values_[2];
    SplitRows rows_;
    SplitRows columns_;
};

}  // namespace fastshesha
