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
    const TileGrid::Area area = grid_.area(block);
    const std::size_t width = grid_.tile_columns();
    std::size_t rest = place - starts_[block];
    std::size_t column = area.first_column;
    if (area.first_row < area.first_column) {
        // Strips of columns that all rows pair with.
        const std::size_t strip = rest / ((area.end_row - area.first_row) * width);
        rest -= strip * (area.end_row - area.first_row) * width;
        column += strip * width;
        const std::size_t n_columns = std::min(width, area.end_column - column);
        return {area.first_row + rest / n_columns, column + rest % n_columns};
    }
    for (;; column += width) {
        for (std::size_t i = area.first_row; i < std::min(area.end_row, column + width); ++i) {
            const auto [begin, end] = grid_.columns_of(i, column);
            if (rest < end - begin) {
                return {i, begin + rest};
            }
            rest -= end - begin;
        }
    }
}

}  // namespace fastshesha
