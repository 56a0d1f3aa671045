#include "tile_order.hpp"

#include <algorithm>

namespace fastshesha {

TileOrder::TileOrder(const TileGrid& grid) : grid_(grid) {
    std::size_t n = 0;
    for (std::size_t block = 0; block < grid.n_blocks(); ++block) {
        starts_.push_back(n);
        n += grid.n_pairs_in(block);
    }
}

std::pair<std::size_t, std::size_t> TileOrder::pair_at(std::size_t place) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), place);
    const auto block = static_cast<std::size_t>(next - starts_.begin()) - 1;
    std::size_t before = starts_[block];
    std::pair<std::size_t, std::size_t> found{};
    grid_.for_each_tile(block, [&](std::size_t first_row, std::size_t first_column) {
        grid_.for_each_row(first_row, [&](std::size_t i, std::size_t) {
            const auto [begin, end] = grid_.columns_of(i, first_column);
            // The difference wraps round where the row lies behind the place.
            if (place - before < end - begin) {
                found = {i, begin + (place - before)};
            }
            before += end - begin;
        });
    });
    return found;
}

}  // namespace fastshesha
