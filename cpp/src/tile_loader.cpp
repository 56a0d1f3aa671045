#include "tile_loader.hpp"

#include <algorithm>

#include "fastshesha/error.hpp"
#include "square_tile.hpp"

namespace fastshesha {
namespace {

// Rows that meet one panel of columns after the other stay in the second-level cache.
constexpr std::size_t group_bytes = std::size_t{192} << 10;
// Rows in any order are asked for before their turn.
constexpr std::size_t rows_ahead = 2;

/// Position in the sequence at which a block begins.
std::size_t block_begin(const PairPlan& plan, std::size_t index) {
    return plan.rows.size() * index / plan.n_blocks;
}

std::size_t blocks_per_tile(const PairPlan& plan) {
    const std::size_t block = std::max<std::size_t>(1, largest_block(plan));
    return std::max<std::size_t>(1, plan.rows_per_tile / block);
}

template <class Scalar>
std::size_t rows_in_group(const StreamKernels<Scalar>& kernels, std::size_t n_features) {
    const std::size_t most = stream_area / kernels.panel_columns;
    const std::size_t fit = group_bytes / (sizeof(Scalar) * std::max<std::size_t>(1, n_features));
    return std::max<std::size_t>(1, std::min(most, fit) / kernels.panel_rows) * kernels.panel_rows;
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
        return count_square_tiles(plan.n_blocks);
    }
    return (plan.n_blocks + blocks_per_tile(plan) - 1) / blocks_per_tile(plan);
}

void require_plan(const PairPlan& plan, std::size_t first_tile, std::size_t last_tile) {
    require(plan.n_blocks >= 1 && plan.n_blocks <= std::max<std::size_t>(plan.rows.size(), 1),
            "a plan needs a row in every block");
    require(plan.n_rounds == 0 || plan.n_blocks > 2 * plan.n_rounds,
            "a plan needs more than two blocks a round");
    require(first_tile <= last_tile && last_tile <= count_tiles(plan), "no such tiles");
}

template <class Scalar>
TileLoader<Scalar>::TileLoader(const StreamPair& pair, const PairPlan& plan,
                               const StreamKernels<Scalar>& kernels)
    : pair_(pair),
      plan_(plan),
      reader_(pair),
      rows_(reader_, kernels.panel_rows),
      columns_(reader_, kernels.panel_columns),
      areas_(kernels.panel_rows, kernels.panel_columns,
             rows_in_group(kernels, reader_.n_features(0) + reader_.n_features(1))) {}

template <class Scalar>
void TileLoader<Scalar>::load(std::size_t tile) {
    if (plan_.n_rounds == 0) {
        load_square(tile);
    } else {
        load_rounds(tile);
    }
}

template <class Scalar>
void TileLoader<Scalar>::place_block(std::size_t block,
                                     std::span<StreamRows<Scalar>* const> layouts) {
    const std::span<const std::int64_t> indices = rows_of_block(plan_, block);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto row = static_cast<std::size_t>(indices[i]);
        if (i + rows_ahead < indices.size()) {
            reader_.prefetch(static_cast<std::size_t>(indices[i + rows_ahead]));
        }
        if (reader_.read(row) || pair_.keep_undefined) {
            for (StreamRows<Scalar>* rows : layouts) {
                rows->place(reader_, pair_.codes == nullptr ? 0 : pair_.codes[row]);
            }
        }
    }
    for (StreamRows<Scalar>* rows : layouts) {
        rows->end_block(block);
    }
}

/// Tiles that follow each other often share their rows.
template <class Scalar>
void TileLoader<Scalar>::hold_block(std::size_t block, StreamRows<Scalar>& rows) {
    if (!rows.blocks().empty() && rows.blocks().front().id == block) {
        return;
    }
    rows.clear(largest_block(plan_));
    StreamRows<Scalar>* const layouts[] = {&rows};
    place_block(block, layouts);
    rows.finish();
}

template <class Scalar>
void TileLoader<Scalar>::load_square(std::size_t tile) {
    const auto [i, j] = square_tile(plan_.n_blocks, tile);
    hold_block(i, rows_);
    hold_block(j, columns_);
    areas_.set_square(rows_.blocks().front(), columns_.n_slots(), i == j);
}

template <class Scalar>
void TileLoader<Scalar>::load_rounds(std::size_t tile) {
    const std::size_t first = tile * blocks_per_tile(plan_);
    const std::size_t last = std::min(plan_.n_blocks, first + blocks_per_tile(plan_));
    const std::size_t n_rows = (last - first + plan_.n_rounds) * largest_block(plan_);
    rows_.clear(n_rows);
    columns_.clear(n_rows);
    StreamRows<Scalar>* const layouts[] = {&columns_, &rows_};
    for (std::size_t k = first; k < last + plan_.n_rounds; ++k) {
        place_block(k % plan_.n_blocks, std::span(layouts, k < last ? 2 : 1));
    }
    rows_.finish();
    columns_.finish();
    areas_.set_rounds(columns_.blocks(), last - first, plan_.n_rounds);
}

template class TileLoader<float>;
template class TileLoader<double>;

}  // namespace fastshesha
