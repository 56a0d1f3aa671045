#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/distance_moments.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Computes the moments of tiles, one after the other, in buffers of its own.
class MomentTiles {
public:
    MomentTiles(const MomentSide& a, const MomentSide& b, std::size_t n_blocks,
                const Kernels& kernels);
    DistanceMoments run(std::size_t tile);

private:
    /// Packed rows of a block, on both sides.
    struct Block {
        std::size_t index;
        std::size_t n_rows;
        PackedRows sides[2];
    };

    void hold(Block& block, std::size_t index) const;
    DistanceMoments of_stretch(std::size_t begin, std::size_t end, bool above_diagonal);
    void fill_strip(std::size_t side, std::size_t first_row, std::size_t begin, std::size_t end);
    void add_row(const double* a, const double* b, std::size_t n, DistanceMoments& sums) const;

    const MomentSide sides_[2];
    const std::size_t n_rows_;
    const std::size_t n_blocks_;
    const Kernels& kernels_;
    std::vector<std::int64_t> columns_[2];
    Block rows_;
    Block other_rows_;
    std::size_t stretch_;
    WorkBuffer<double> strip_[2];
};

}  // namespace fastshesha
