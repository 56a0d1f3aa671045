#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "tile_grid.hpp"

namespace fastshesha {

/// Places of all pairs that follow each other tile by tile, in the order in which a grid, which
/// must outlive this, visits them.
class TileOrder {
public:
    explicit TileOrder(const TileGrid& grid);

    /// Place of a block's first pair.
    std::size_t start(std::size_t block) const { return starts_[block]; }

    /// The pair i < j at a place.
    std::pair<std::size_t, std::size_t> pair_at(std::size_t place) const;

private:
    const TileGrid& grid_;
    std::vector<std::size_t> starts_;
};

}  // namespace fastshesha
