#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace fastshesha {

/// Cells that a vector is dealt into by several threads: in every cell, each part of the vector has
/// places of its own, in the order of the parts. Places and sizes hold once all parts are dealt.
template <std::size_t most_cells>
class PartedCells {
public:
    void start(std::size_t n_parts, std::size_t n_cells) {
        parts_.resize(n_parts);
        n_cells_ = n_cells;
        for (Cells& cells : parts_) {
            std::fill_n(cells.data(), n_cells, 0u);
        }
    }

    /// How many entries of a part each cell holds, to be counted; then, after find_begins(), where
    /// the next of them goes.
    std::uint32_t* of_part(std::size_t part) { return parts_[part].data(); }

    void find_begins() {
        std::uint32_t before = 0;
        for (std::size_t cell = 0; cell < n_cells_; ++cell) {
            for (Cells& cells : parts_) {
                before += std::exchange(cells[cell], before);
            }
        }
    }

    std::size_t n_cells() const { return n_cells_; }
    std::size_t begin(std::size_t cell) const { return cell == 0 ? 0 : parts_.back()[cell - 1]; }
    std::size_t size(std::size_t cell) const { return parts_.back()[cell] - begin(cell); }

    /// The first cell that ends after a place.
    std::size_t first_beyond(std::size_t place) const {
        const auto ends = parts_.back().begin();
        const auto last = ends + static_cast<std::ptrdiff_t>(n_cells_);
        return static_cast<std::size_t>(std::upper_bound(ends, last, place) - ends);
    }

    /// The cell that holds more than half of all, which threads had better share; n_cells() where
    /// there is none.
    std::size_t crowded() const {
        const std::size_t n = begin(n_cells_);
        const std::size_t middle = first_beyond(n / 2);
        return middle < n_cells_ && size(middle) > n / 2 ? middle : n_cells_;
    }

private:
    // A cache line more keeps one cell's counts of several parts from sharing a place in the cache.
    using Cells = std::array<std::uint32_t, most_cells + 16>;

    std::vector<Cells> parts_;
    std::size_t n_cells_ = 0;
};

}  // namespace fastshesha
