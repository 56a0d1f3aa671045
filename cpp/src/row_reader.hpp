#pragma once

#include <cstddef>
#include <vector>

#include "fastshesha/tile_stream.hpp"

namespace fastshesha {

/// False where a row has no direction (cosine, correlation) or its square leaves the range of
/// float64. `scratch` has room for the row.
bool has_similarities(const StreamSide& side, std::size_t row, double* scratch);

/// Reads rows of both sides as the tiles take them: less their centre, of unit length under cosine
/// and correlation, zero where they have no similarities. The similarity of two rows is the product
/// of their values less both offsets.
template <class Scalar>
class RowReader {
public:
    explicit RowReader(const StreamPair& pair);

    /// Asks for a row that will be read soon.
    void prefetch(std::size_t row) const;
    /// False where the row has no similarities to others on a side.
    bool read(std::size_t row);
    std::size_t n_features(std::size_t side) const { return values_[side].size(); }
    const Scalar* values(std::size_t side) const { return values_[side].data(); }
    Scalar offset(std::size_t side) const { return offset_[side]; }

private:
    bool read_side(const StreamSide& side, std::size_t row, Scalar* values, Scalar& offset);

    const StreamPair& pair_;
    std::vector<double> wide_;
    std::vector<Scalar> values_[2];
    Scalar offset_[2] = {};
};

}  // namespace fastshesha
