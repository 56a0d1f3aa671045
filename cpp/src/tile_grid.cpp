#include "tile_grid.hpp"

#include <unistd.h>

#include <cmath>

namespace fastshesha {
namespace {

// Larger blocks than half of 1 MiB gained nothing; virtual machines may tell anything.
constexpr std::size_t largest_cache = std::size_t{1} << 20;
constexpr std::size_t smallest_cache = std::size_t{256} << 10;

/// Bytes of a core's second-level cache, as far as blocks depend on it.
std::size_t second_level_cache() {
#ifdef _SC_LEVEL2_CACHE_SIZE
    const long told = sysconf(_SC_LEVEL2_CACHE_SIZE);
#else
    const long told = 0;
#endif
    return told <= 0 ? largest_cache
                     : std::clamp(static_cast<std::size_t>(told), smallest_cache, largest_cache);
}

/// A block of rows, and the columns of a tile, stay in the second-level cache.
std::size_t block_bytes() {
    static const std::size_t half = second_level_cache() / 2;
    return half;
}

// Threads share a few dozen blocks more evenly than a few.
constexpr std::size_t fewest_row_blocks = 8;

std::size_t rows_to_share(std::size_t n_rows, std::size_t tile_columns) {
    const std::size_t rows = std::max<std::size_t>(1, n_rows / fewest_row_blocks);
    return (rows + tile_columns - 1) / tile_columns * tile_columns;
}

}  // namespace

std::size_t rows_in_block(std::size_t n_features, const Kernels& kernels) {
    const std::size_t tile_columns = kernels.panel_rows * kernels.tile_panels;
    const std::size_t row_bytes = sizeof(double) * std::max<std::size_t>(1, n_features);
    return std::max<std::size_t>(1, block_bytes() / (row_bytes * tile_columns)) * tile_columns;
}

TileGrid::TileGrid(std::size_t n_rows, std::size_t n_features, const Kernels& kernels)
    : n_rows_(n_rows),
      panel_rows_(kernels.panel_rows),
      tile_columns_(kernels.panel_rows * kernels.tile_panels),
      block_rows_(
          std::min(rows_in_block(n_features, kernels), rows_to_share(n_rows, tile_columns_))),
      n_row_blocks_((n_rows + block_rows_ - 1) / block_rows_) {}

std::size_t TileGrid::n_pairs_in(std::size_t block) const {
    const Area of_block = area(block);
    std::size_t n = 0;
    for (std::size_t i = of_block.first_row; i < of_block.end_row; ++i) {
        const std::size_t end = of_block.end_column;
        n += end - std::min(end, std::max(of_block.first_column, i + 1));
    }
    return n;
}

/// Blocks I <= J are numbered J (J + 1) / 2 + I.
TileGrid::Block TileGrid::block_at(std::size_t index) const {
    const double root = std::sqrt(8.0 * static_cast<double>(index) + 1.0);
    auto J = static_cast<std::size_t>((root - 1.0) / 2.0);
    while (J * (J + 1) / 2 > index) {
        --J;
    }
    while ((J + 1) * (J + 2) / 2 <= index) {
        ++J;
    }
    return {index - J * (J + 1) / 2, J};
}

}  // namespace fastshesha
