#pragma once

#include <algorithm>
#include <cstddef>

#include "condensed_index.hpp"
#include "kernels/kernels.hpp"

namespace fastshesha {

/// How many packed rows make a block, of which two fit the second-level cache: whole tiles.
std::size_t rows_in_block(std::size_t n_features, const Kernels& kernels);

/// Cuts the upper triangle of a distance matrix into blocks of rows by rows that fit the
/// second-level cache, and blocks into tiles of the kernels. Blocks may be computed in any order
/// and by any thread: each has entries of the condensed vector to itself.
class TileGrid {
public:
    TileGrid(std::size_t n_rows, std::size_t n_features, const Kernels& kernels);

    std::size_t n_blocks() const { return n_row_blocks_ * (n_row_blocks_ + 1) / 2; }
    std::size_t tile_columns() const { return tile_columns_; }
    std::size_t tile_size() const { return panel_rows_ * tile_columns_; }

    /// Calls visit(first row, first column) for every tile of a block that holds a pair.
    template <class Visit>
    void for_each_tile(std::size_t block, const Visit& visit) const {
        const Area of_block = area(block);
        for (std::size_t j = of_block.first_column; j < of_block.end_column; j += tile_columns_) {
            const std::size_t last_i = std::min(of_block.end_row, j + tile_columns_);
            for (std::size_t i = of_block.first_row; i < last_i; i += panel_rows_) {
                visit(i, j);
            }
        }
    }

    /// Calls visit(row, row in tile) for the rows of a tile that exist.
    template <class Visit>
    void for_each_row(std::size_t first_row, const Visit& visit) const {
        const std::size_t end = std::min(first_row + panel_rows_, n_rows_);
        for (std::size_t i = first_row; i < end; ++i) {
            visit(i, i - first_row);
        }
    }

    /// Columns of a tile that row i makes pairs i < j < n_rows with.
    struct Range {
        std::size_t begin;
        std::size_t end;
    };
    Range columns_of(std::size_t i, std::size_t first_column) const {
        const std::size_t end = std::min(first_column + tile_columns_, n_rows_);
        return {std::min(std::max(first_column, i + 1), end), end};
    }

    /// Rows and columns of a block; blocks on the diagonal have the same of both.
    struct Area {
        std::size_t first_row;
        std::size_t end_row;
        std::size_t first_column;
        std::size_t end_column;
    };
    Area area(std::size_t block) const {
        const auto [I, J] = block_at(block);
        return {I * block_rows_, std::min(n_rows_, (I + 1) * block_rows_), J * block_rows_,
                std::min(n_rows_, (J + 1) * block_rows_)};
    }
    std::size_t n_pairs_in(std::size_t block) const;

    /// Lets compute(out) write row i of a tile, of which only pairs count, into the condensed
    /// vector.
    template <class Compute>
    void write_row(std::size_t i, std::size_t first_column, double* condensed,
                   const Compute& compute) const {
        const auto [begin, end] = columns_of(i, first_column);
        double* const row = condensed + condensed_row_start(i, n_rows_);
        if (end - begin == tile_columns_) {
            compute(row + (begin - i - 1));
            return;
        }
        double distances[max_tile_columns];
        compute(distances);
        for (std::size_t j = begin; j < end; ++j) {
            row[j - i - 1] = distances[j - first_column];
        }
    }

private:
    struct Block {
        std::size_t I;
        std::size_t J;
    };
    Block block_at(std::size_t index) const;

    std::size_t n_rows_;
    std::size_t panel_rows_;
    std::size_t tile_columns_;
    std::size_t block_rows_;
    std::size_t n_row_blocks_;
};

}  // namespace fastshesha
