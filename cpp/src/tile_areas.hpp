#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/tile_stream.hpp"
#include "interrupt.hpp"
#include "stream_rows.hpp"

namespace fastshesha {

/// Where a stretch of pairs stands: one row against consecutive rows of one block.
struct PairPlace {
    std::size_t round;
    std::size_t row_block;
    std::size_t row_in_block;
    std::size_t first_in_block;
};

/// Takes pairs of an area whose similarities it was given.
class PairTaker {
public:
    virtual ~PairTaker() = default;
    /// Entries [first, first + n) of the area are pairs. Without rounds they may be those of
    /// several rows, and have no place.
    virtual void take(std::size_t first, std::size_t n, const PairPlace& place) = 0;
};

/// Slots that count, one byte each; all of them where null.
struct CountedSlots {
    const std::uint8_t* rows = nullptr;
    const std::uint8_t* columns = nullptr;
};

/// Rows [first_row, last_row) of a tile, from the panel of `begin` on, and a panel of columns.
/// Entries stand row after row.
struct Area {
    std::size_t begin;
    std::size_t first_row;
    std::size_t last_row;
    std::size_t first_column;
};

/// Divides a tile into areas, and tells which of their entries are pairs.
class TileAreas {
public:
    /// Groups hold whole panels of rows.
    TileAreas(std::size_t panel_rows, std::size_t panel_columns, std::size_t group_rows)
        : panel_rows_(panel_rows), panel_columns_(panel_columns), group_rows_(group_rows) {}

    /// Every row with every column, or with those behind it.
    void set_square(const RowBlock& rows, std::size_t n_columns, bool above_diagonal);
    /// Round k pairs block i of the first n_row_blocks with block i + 1 + k.
    void set_rounds(std::span<const RowBlock> blocks, std::size_t n_row_blocks,
                    std::size_t n_rounds);

    /// Calls visit(area), in an order that keeps a group of rows in the cache.
    template <class Visit>
    void for_each(const Visit& visit) const {
        for (std::size_t slot = 0; slot < block_of_slot_.size(); slot += group_rows_) {
            check_interrupt_of_thread();
            visit_group(slot, std::min(block_of_slot_.size(), slot + group_rows_), visit);
        }
    }
    std::size_t n_entries(const Area& area) const {
        return (area.last_row - area.begin) * panel_columns_;
    }
    /// Panels of rows that an area lies in, and their entries.
    std::size_t n_panels(const Area& area) const {
        return (area.last_row - area.begin + panel_rows_ - 1) / panel_rows_;
    }
    std::size_t n_computed(const Area& area) const {
        return n_panels(area) * panel_rows_ * panel_columns_;
    }
    void take_pairs(const Area& area, PairTaker& taker, const CountedSlots& counted = {}) const;

private:
    /// Slots of one column block that a row block is paired with.
    struct Range {
        std::size_t first;
        std::size_t last;
        std::size_t round;
    };

    /// Both ends of a row's stretch of columns rise with the row.
    template <class Visit>
    void visit_group(std::size_t begin, std::size_t end, const Visit& visit) const {
        std::size_t low = begin;
        std::size_t high = begin;
        std::size_t column = first_column_[begin] / panel_columns_ * panel_columns_;
        for (; column < last_column_[end - 1]; column += panel_columns_) {
            while (low < end && last_column_[low] <= column) {
                ++low;
            }
            while (high < end && first_column_[high] < column + panel_columns_) {
                ++high;
            }
            if (low < high) {
                visit(Area{low / panel_rows_ * panel_rows_, low, high, column});
            }
        }
    }

    void set_rows(bool above_diagonal);
    bool is_whole(const Area& area) const;
    void take_row(std::size_t slot, const Area& area, PairTaker& taker,
                  const std::uint8_t* counted) const;

    std::size_t panel_rows_;
    std::size_t panel_columns_;
    std::size_t group_rows_;
    std::vector<RowBlock> blocks_;
    // As many for each block.
    std::vector<Range> ranges_;
    std::size_t ranges_per_block_ = 1;
    bool has_rounds_ = false;
    std::vector<std::size_t> block_of_slot_;
    // Of every row, the stretch of columns that its pairs lie in.
    std::vector<std::size_t> first_column_;
    std::vector<std::size_t> last_column_;
};

}  // namespace fastshesha
