#include "stream_tiles.hpp"

#include <algorithm>

namespace fastshesha {
namespace {

/// Position in the sequence at which a block begins.
std::size_t block_begin(const PairPlan& plan, std::size_t index) {
    return plan.rows.size() * index / plan.n_blocks;
}

std::size_t blocks_per_tile(const PairPlan& plan) {
    const std::size_t block = std::max<std::size_t>(1, largest_block(plan));
    // Blocks are filled up to whole panels.
    const std::size_t slots = (block + max_panel_rows - 1) / max_panel_rows * max_panel_rows;
    return std::max<std::size_t>(1, plan.rows_per_tile / slots);
}

}  // namespace

std::span<const std::int64_t> rows_of_block(const PairPlan& plan, std::size_t index) {
    const std::size_t begin = block_begin(plan, index);
    return plan.rows.subspan(begin, block_begin(plan, index + 1) - begin);
}

std::size_t largest_block(const PairPlan& plan) {
    return (plan.rows.size() + plan.n_blocks - 1) / plan.n_blocks;
}

std::size_t count_tiles(const PairPlan& plan) {
    if (plan.n_rounds == 0) {
        return plan.n_blocks * (plan.n_blocks + 1) / 2;
    }
    return (plan.n_blocks + blocks_per_tile(plan) - 1) / blocks_per_tile(plan);
}

StreamTiles::StreamTiles(const StreamPair& pair, const PairPlan& plan, const Kernels& kernels)
    : pair_(pair),
      plan_(plan),
      kernels_(kernels),
      rows_(pair, kernels),
      columns_(pair, kernels),
      values_{std::vector<double>(kernels.panel_rows * stream_strip),
              std::vector<double>(kernels.panel_rows * stream_strip)} {}

void StreamTiles::run(std::size_t tile, PairSink& sink) {
    if (plan_.n_rounds == 0) {
        run_square(tile, sink);
    } else {
        run_rounds(tile, sink);
    }
}

void StreamTiles::run_square(std::size_t tile, PairSink& sink) {
    std::size_t i = 0;
    while (tile >= plan_.n_blocks - i) {
        tile -= plan_.n_blocks - i;
        ++i;
    }
    const std::size_t j = i + tile;
    rows_.clear(largest_block(plan_), 1);
    rows_.add_block(rows_of_block(plan_, i), i);
    rows_.finish();
    if (i != j) {
        columns_.clear(largest_block(plan_), 1);
        columns_.add_block(rows_of_block(plan_, j), j);
        columns_.finish();
    }
    const StreamRows& columns = i == j ? rows_ : columns_;
    const StreamRows::Block& other = columns.blocks().front();
    const Range range{other.first, other.last, other.first, 0};
    cross(rows_.blocks().front(), columns, {&range, 1}, i == j, sink);
}

void StreamTiles::run_rounds(std::size_t tile, PairSink& sink) {
    const std::size_t first = tile * blocks_per_tile(plan_);
    const std::size_t last = std::min(plan_.n_blocks, first + blocks_per_tile(plan_));
    const std::size_t n_packed = last - first + plan_.n_rounds;
    rows_.clear(n_packed * largest_block(plan_), n_packed);
    for (std::size_t k = first; k < last + plan_.n_rounds; ++k) {
        rows_.add_block(rows_of_block(plan_, k % plan_.n_blocks), k % plan_.n_blocks);
    }
    rows_.finish();
    const std::vector<StreamRows::Block>& blocks = rows_.blocks();
    for (std::size_t k = 0; k < last - first; ++k) {
        ranges_.clear();
        for (std::size_t round = 0; round < plan_.n_rounds; ++round) {
            const StreamRows::Block& other = blocks[k + 1 + round];
            ranges_.push_back({other.first, other.last, other.first, round});
        }
        cross(blocks[k], rows_, ranges_, false, sink);
    }
}

void StreamTiles::cross(const StreamRows::Block& block, const StreamRows& columns,
                        std::span<const Range> ranges, bool above_diagonal, PairSink& sink) {
    const std::size_t rows = kernels_.panel_rows;
    const std::size_t last = ranges.back().last;
    // A strip of columns stays in the cache while all rows pass.
    for (std::size_t column = ranges.front().first; column < last; column += stream_strip) {
        const std::size_t past =
            above_diagonal ? std::min(block.last, column + stream_strip) : block.last;
        for (std::size_t slot = block.first; slot < past; slot += rows) {
            run_panel(block, slot, columns, column, ranges, above_diagonal, sink);
        }
    }
}

void StreamTiles::run_panel(const StreamRows::Block& block, std::size_t first_slot,
                            const StreamRows& columns, std::size_t first_column,
                            std::span<const Range> ranges, bool above_diagonal, PairSink& sink) {
    const std::size_t end = std::min(block.last, first_slot + kernels_.panel_rows);
    const std::size_t n_columns = std::min(stream_strip, ranges.back().last - first_column);
    compute(first_slot, columns, first_column, n_columns);
    for (std::size_t slot = first_slot; slot < end; ++slot) {
        const std::size_t row = slot - first_slot;
        sink.enter(values_[0].data() + row * stream_strip, values_[1].data() + row * stream_strip,
                   n_columns);
        for (const Range& range : ranges) {
            std::size_t first = std::max(range.first, first_column);
            first = above_diagonal ? std::max(first, slot + 1) : first;
            const std::size_t last = std::min(range.last, first_column + stream_strip);
            if (first < last) {
                sink.take(first - first_column, last - first,
                          {range.round, block.id, slot - block.first, first - range.block_first});
            }
        }
    }
}

void StreamTiles::compute(std::size_t row_slot, const StreamRows& columns, std::size_t first_column,
                          std::size_t n_columns) {
    multiply(0, row_slot, columns, first_column, n_columns);
    if (pair_.codes == nullptr) {
        multiply(1, row_slot, columns, first_column, n_columns);
    } else {
        compare_codes(row_slot, columns, first_column);
    }
}

void StreamTiles::multiply(std::size_t side, std::size_t row_slot, const StreamRows& columns,
                           std::size_t first_column, std::size_t n_columns) {
    const auto add_products = kernels_.add_products_fused != nullptr ? kernels_.add_products_fused
                                                                     : kernels_.add_products;
    const std::size_t rows = kernels_.panel_rows;
    const std::size_t width = rows * kernels_.tile_panels;
    const double* row_offsets = rows_.offsets(side) + row_slot;
    const double* offsets = columns.offsets(side) + first_column;
    double dots[max_panel_rows * max_tile_columns];
    for (std::size_t c = 0; c < n_columns; c += width) {
        std::fill_n(dots, rows * width, 0.0);
        add_products(rows_.panel(side, row_slot / rows),
                     columns.panel(side, (first_column + c) / rows), columns.panel_stride(side),
                     columns.n_features(side), dots);
        for (std::size_t r = 0; r < rows; ++r) {
            double* to = values_[side].data() + r * stream_strip + c;
            for (std::size_t k = 0; k < width; ++k) {
                to[k] = dots[r * width + k] - (row_offsets[r] + offsets[c + k]);
            }
        }
    }
}

void StreamTiles::compare_codes(std::size_t row_slot, const StreamRows& columns,
                                std::size_t first_column) {
    for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
        const std::int64_t code = rows_.codes()[row_slot + r];
        for (std::size_t c = 0; c < stream_strip; ++c) {
            values_[1][r * stream_strip + c] =
                columns.codes()[first_column + c] == code ? 1.0 : 0.0;
        }
    }
}

}  // namespace fastshesha
