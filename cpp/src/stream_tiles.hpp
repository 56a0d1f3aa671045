#pragma once

#include <cstddef>
#include <vector>

#include "tile_loader.hpp"

namespace fastshesha {

/// Takes the similarities of pairs, an area of a tile at a time.
template <class Scalar>
class PairSink : public PairTaker {
public:
    /// Similarities of n <= stream_area entries, not all of which are pairs.
    virtual void enter(const Scalar* a, const Scalar* b, std::size_t n) = 0;
    /// Pairs of the last area that may be counted until the next one is entered.
    virtual WaitingPairs* waiting() { return nullptr; }
};

/// What a sink left to be counted beside n_features features in each of some panels of rows.
WaitingPairs* spread(WaitingPairs* waiting, std::size_t n_features, std::size_t n_panels);

/// products[r][c] = sum over the features of a side of rows r and columns c of an area, in
/// stretches of features.
template <class Scalar>
void multiply_area(const StreamKernels<Scalar>& kernels, const TileLoader<Scalar>& tile,
                   std::size_t side, const Area& area, Scalar* products, WaitingPairs* waiting);

/// Computes tiles, one after the other, in buffers of its own.
template <class Scalar>
class StreamTiles {
public:
    StreamTiles(const StreamPair& pair, const PairPlan& plan);
    void run(std::size_t tile, PairSink<Scalar>& sink);

private:
    void compute(std::size_t side, const Area& area, WaitingPairs* waiting);
    void compare_codes(const Area& area);

    const StreamPair& pair_;
    const StreamKernels<Scalar>& kernels_;
    TileLoader<Scalar> tile_;
    std::vector<Scalar> values_[2];
};

}  // namespace fastshesha
