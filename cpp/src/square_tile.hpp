#pragma once

#include <cstddef>

namespace fastshesha {

/// Two of n_blocks blocks of rows, the second no earlier than the first.
struct SquareTile {
    std::size_t row_block;
    std::size_t column_block;
};

/// Pairs of blocks are numbered row of blocks after row of blocks.
inline SquareTile square_tile(std::size_t n_blocks, std::size_t tile) {
    std::size_t i = 0;
    while (tile >= n_blocks - i) {
        tile -= n_blocks - i;
        ++i;
    }
    return {i, i + tile};
}

inline std::size_t count_square_tiles(std::size_t n_blocks) {
    return n_blocks * (n_blocks + 1) / 2;
}

}  // namespace fastshesha
