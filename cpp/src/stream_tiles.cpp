#include "stream_tiles.hpp"

#include <algorithm>

#include "interrupt.hpp"

namespace fastshesha {
namespace {

/// Position in the sequence at which a block begins.
std::size_t block_begin(const PairPlan& plan, std::size_t index) {
    return plan.rows.size() * index / plan.n_blocks;
}

std::size_t blocks_per_tile(const PairPlan& plan) {
    const std::size_t block = std::max<std::size_t>(1, largest_block(plan));
    return std::max<std::size_t>(1, plan.rows_per_tile / block);
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
    rows_.clear(largest_block(plan_));
    rows_.add_block(rows_of_block(plan_, i), i);
    rows_.finish();
    if (i != j) {
        columns_.clear(largest_block(plan_));
        columns_.add_block(rows_of_block(plan_, j), j);
        columns_.finish();
    }
    const StreamRows& columns = i == j ? rows_ : columns_;
    const StreamRows::Block& other = columns.blocks().front();
    ranges_.assign(1, {other.first, other.last, 0});
    ranges_per_block_ = 1;
    cross(columns, i == j, sink);
}

void StreamTiles::run_rounds(std::size_t tile, PairSink& sink) {
    const std::size_t first = tile * blocks_per_tile(plan_);
    const std::size_t last = std::min(plan_.n_blocks, first + blocks_per_tile(plan_));
    rows_.clear((last - first + plan_.n_rounds) * largest_block(plan_));
    for (std::size_t k = first; k < last + plan_.n_rounds; ++k) {
        rows_.add_block(rows_of_block(plan_, k % plan_.n_blocks), k % plan_.n_blocks);
    }
    rows_.finish();
    const std::vector<StreamRows::Block>& blocks = rows_.blocks();
    ranges_.clear();
    ranges_per_block_ = plan_.n_rounds;
    for (std::size_t k = 0; k < last - first; ++k) {
        for (std::size_t round = 0; round < plan_.n_rounds; ++round) {
            const StreamRows::Block& other = blocks[k + 1 + round];
            ranges_.push_back({other.first, other.last, round});
        }
    }
    cross(rows_, false, sink);
}

std::span<const StreamTiles::Range> StreamTiles::ranges_of(std::size_t block) const {
    return {ranges_.data() + block * ranges_per_block_, ranges_per_block_};
}

void StreamTiles::cross(const StreamRows& columns, bool above_diagonal, PairSink& sink) {
    const std::size_t n_blocks = ranges_.size() / ranges_per_block_;
    block_of_slot_.clear();
    for (std::size_t block = 0; block < n_blocks; ++block) {
        block_of_slot_.resize(rows_.blocks()[block].last, block);
    }
    // A strip of columns stays in the cache while all rows pass.
    for (std::size_t strip = 0; strip < ranges_.back().last; strip += stream_strip) {
        check_interrupt_of_thread();
        for (std::size_t slot = 0; slot < block_of_slot_.size(); slot += kernels_.panel_rows) {
            run_panel(slot, strip, columns, above_diagonal, sink);
        }
    }
}

void StreamTiles::run_panel(std::size_t first_slot, std::size_t strip, const StreamRows& columns,
                            bool above_diagonal, PairSink& sink) {
    const std::size_t rows = kernels_.panel_rows;
    const std::size_t end = std::min(block_of_slot_.size(), first_slot + rows);
    std::size_t first = ranges_of(block_of_slot_[first_slot]).front().first;
    first = above_diagonal ? std::max(first, first_slot + 1) : first;
    const Area area{std::max(strip, first / rows * rows),
                    std::min(strip + stream_strip, ranges_of(block_of_slot_[end - 1]).back().last)};
    if (area.first >= area.last) {
        return;
    }
    compute(first_slot, columns, area.first, area.last - area.first);
    for (std::size_t slot = first_slot; slot < end; ++slot) {
        sink_row(slot, slot - first_slot, area, above_diagonal, sink);
    }
}

void StreamTiles::sink_row(std::size_t slot, std::size_t row, const Area& area, bool above_diagonal,
                           PairSink& sink) const {
    sink.enter(values_[0].data() + row * stream_strip, values_[1].data() + row * stream_strip,
               area.last - area.first);
    const StreamRows::Block& block = rows_.blocks()[block_of_slot_[slot]];
    for (const Range& range : ranges_of(block_of_slot_[slot])) {
        std::size_t first = std::max(range.first, area.first);
        first = above_diagonal ? std::max(first, slot + 1) : first;
        const std::size_t last = std::min(range.last, area.last);
        if (first < last) {
            sink.take(first - area.first, last - first,
                      {range.round, block.id, slot - block.first, first - range.first});
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
