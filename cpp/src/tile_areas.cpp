#include "tile_areas.hpp"

namespace fastshesha {
namespace {

/// Calls take(first, last) for runs of counted slots in [first, last).
template <class Take>
void for_counted_runs(std::size_t first, std::size_t last, const std::uint8_t* counted,
                      const Take& take) {
    if (counted == nullptr) {
        take(first, last);
        return;
    }
    while (first < last) {
        std::size_t end = first;
        while (end < last && counted[end] != 0) {
            ++end;
        }
        if (first < end) {
            take(first, end);
        }
        first = end + 1;
    }
}

}  // namespace

void TileAreas::set_square(const RowBlock& rows, std::size_t n_columns, bool above_diagonal) {
    blocks_.assign(1, rows);
    ranges_.assign(1, {0, n_columns, 0});
    ranges_per_block_ = 1;
    has_rounds_ = false;
    set_rows(above_diagonal);
}

void TileAreas::set_rounds(std::span<const RowBlock> blocks, std::size_t n_row_blocks,
                           std::size_t n_rounds) {
    blocks_.assign(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(n_row_blocks));
    ranges_.clear();
    ranges_per_block_ = n_rounds;
    has_rounds_ = true;
    for (std::size_t k = 0; k < n_row_blocks; ++k) {
        for (std::size_t round = 0; round < n_rounds; ++round) {
            const RowBlock& other = blocks[k + 1 + round];
            ranges_.push_back({other.first, other.last, round});
        }
    }
    set_rows(false);
}

void TileAreas::set_rows(bool above_diagonal) {
    block_of_slot_.clear();
    first_column_.clear();
    last_column_.clear();
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
        const std::size_t first = ranges_[block * ranges_per_block_].first;
        const std::size_t last = ranges_[(block + 1) * ranges_per_block_ - 1].last;
        for (std::size_t slot = block_of_slot_.size(); slot < blocks_[block].last; ++slot) {
            block_of_slot_.push_back(block);
            first_column_.push_back(above_diagonal ? std::max(first, slot + 1) : first);
            last_column_.push_back(last);
        }
    }
}

void TileAreas::take_pairs(const Area& area, PairTaker& taker, const CountedSlots& counted) const {
    if (counted.rows == nullptr && is_whole(area)) {
        taker.take((area.first_row - area.begin) * panel_columns_,
                   (area.last_row - area.first_row) * panel_columns_, {});
        return;
    }
    for (std::size_t slot = area.first_row; slot < area.last_row; ++slot) {
        if (counted.rows == nullptr || counted.rows[slot] != 0) {
            take_row(slot, area, taker, counted.columns);
        }
    }
}

bool TileAreas::is_whole(const Area& area) const {
    return !has_rounds_ && first_column_[area.last_row - 1] <= area.first_column &&
           last_column_[area.first_row] >= area.first_column + panel_columns_;
}

void TileAreas::take_row(std::size_t slot, const Area& area, PairTaker& taker,
                         const std::uint8_t* counted) const {
    const std::size_t entry = (slot - area.begin) * panel_columns_;
    const std::size_t begin = std::max(first_column_[slot], area.first_column);
    const std::size_t end = std::min(last_column_[slot], area.first_column + panel_columns_);
    const RowBlock& block = blocks_[block_of_slot_[slot]];
    const Range* ranges = ranges_.data() + block_of_slot_[slot] * ranges_per_block_;
    for (std::size_t k = 0; k < ranges_per_block_; ++k) {
        const Range& range = ranges[k];
        for_counted_runs(
            std::max(range.first, begin), std::min(range.last, end), counted,
            [&](std::size_t first, std::size_t last) {
                if (first < last) {
                    taker.take(entry + first - area.first_column, last - first,
                               {range.round, block.id, slot - block.first, first - range.first});
                }
            });
    }
}

}  // namespace fastshesha
