#pragma once

#include <cstddef>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Rows whose Euclidean distances d enter as (d - centre) * scale.
struct MomentSide {
    MatrixView X;
    double centre;
    double scale;
};

/// Sums over pairs of rows of what enters of both sides, of its squares and of its products.
struct DistanceMoments {
    double a;
    double b;
    double aa;
    double ab;
    double bb;
};

/// Moments of tiles [first_tile, last_tile), one after the other. Rows are cut into n_blocks blocks
/// of nearly equal size; tiles are the pairs of blocks as `square_tile` numbers them, and every
/// pair of rows i < j is in one tile. Distances have SciPy's bits and every sum of a tile one
/// order, so that its moments depend on neither threads nor instruction set. Memory is the rows of
/// two blocks in float64 a thread.
void distance_moments(const MomentSide& a, const MomentSide& b, std::size_t n_blocks,
                      std::size_t first_tile, std::size_t last_tile, int n_threads,
                      DistanceMoments* moments);

}  // namespace fastshesha
