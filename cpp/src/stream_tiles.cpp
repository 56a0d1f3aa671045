#include "stream_tiles.hpp"

#include <algorithm>

#include "stream_dispatch.hpp"

namespace fastshesha {
namespace {

// Rows that meet one panel of columns after the other stay in the second-level cache.
constexpr std::size_t group_bytes = std::size_t{192} << 10;

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
        return plan.n_blocks * (plan.n_blocks + 1) / 2;
    }
    return (plan.n_blocks + blocks_per_tile(plan) - 1) / blocks_per_tile(plan);
}

template <class Scalar>
StreamTiles<Scalar>::StreamTiles(const StreamPair& pair, const PairPlan& plan)
    : pair_(pair),
      plan_(plan),
      kernels_(active_stream_kernels<Scalar>()),
      reader_(pair),
      rows_(reader_, kernels_.panel_rows),
      columns_(reader_, kernels_.panel_columns),
      group_rows_(rows_in_group(kernels_, reader_.n_features(0) + reader_.n_features(1))),
      values_{std::vector<Scalar>(stream_area), std::vector<Scalar>(stream_area)} {}

template <class Scalar>
void StreamTiles<Scalar>::run(std::size_t tile, PairSink<Scalar>& sink) {
    if (plan_.n_rounds == 0) {
        run_square(tile, sink);
    } else {
        run_rounds(tile, sink);
    }
}

template <class Scalar>
void StreamTiles<Scalar>::place_block(std::size_t block, std::span<Rows* const> layouts) {
    for (const std::int64_t index : rows_of_block(plan_, block)) {
        const auto row = static_cast<std::size_t>(index);
        if (reader_.read(row) || pair_.keep_undefined) {
            for (Rows* rows : layouts) {
                rows->place(reader_, pair_.codes == nullptr ? 0 : pair_.codes[row]);
            }
        }
    }
    for (Rows* rows : layouts) {
        rows->end_block(block);
    }
}

/// Tiles that follow each other often share their rows.
template <class Scalar>
void StreamTiles<Scalar>::hold_block(std::size_t block, Rows& rows) {
    if (!rows.blocks().empty() && rows.blocks().front().id == block) {
        return;
    }
    rows.clear(largest_block(plan_));
    Rows* const layouts[] = {&rows};
    place_block(block, layouts);
    rows.finish();
}

template <class Scalar>
void StreamTiles<Scalar>::run_square(std::size_t tile, PairSink<Scalar>& sink) {
    std::size_t i = 0;
    while (tile >= plan_.n_blocks - i) {
        tile -= plan_.n_blocks - i;
        ++i;
    }
    hold_block(i, rows_);
    hold_block(i + tile, columns_);
    ranges_.assign(1, {0, columns_.n_slots(), 0});
    ranges_per_block_ = 1;
    set_ranges(1, tile == 0);
    cross(sink);
}

template <class Scalar>
void StreamTiles<Scalar>::run_rounds(std::size_t tile, PairSink<Scalar>& sink) {
    const std::size_t first = tile * blocks_per_tile(plan_);
    const std::size_t last = std::min(plan_.n_blocks, first + blocks_per_tile(plan_));
    const std::size_t n_rows = (last - first + plan_.n_rounds) * largest_block(plan_);
    rows_.clear(n_rows);
    columns_.clear(n_rows);
    Rows* const layouts[] = {&columns_, &rows_};
    for (std::size_t k = first; k < last + plan_.n_rounds; ++k) {
        place_block(k % plan_.n_blocks, std::span(layouts, k < last ? 2 : 1));
    }
    rows_.finish();
    columns_.finish();
    ranges_.clear();
    ranges_per_block_ = plan_.n_rounds;
    for (std::size_t k = 0; k < last - first; ++k) {
        for (std::size_t round = 0; round < plan_.n_rounds; ++round) {
            const auto& other = columns_.blocks()[k + 1 + round];
            ranges_.push_back({other.first, other.last, round});
        }
    }
    set_ranges(last - first, false);
    cross(sink);
}

template <class Scalar>
void StreamTiles<Scalar>::set_ranges(std::size_t n_row_blocks, bool above_diagonal) {
    block_of_slot_.clear();
    first_column_.clear();
    last_column_.clear();
    for (std::size_t block = 0; block < n_row_blocks; ++block) {
        const std::size_t first = ranges_[block * ranges_per_block_].first;
        const std::size_t last = ranges_[(block + 1) * ranges_per_block_ - 1].last;
        for (std::size_t slot = block_of_slot_.size(); slot < rows_.blocks()[block].last; ++slot) {
            block_of_slot_.push_back(block);
            first_column_.push_back(above_diagonal ? std::max(first, slot + 1) : first);
            last_column_.push_back(last);
        }
    }
}

template <class Scalar>
void StreamTiles<Scalar>::cross(PairSink<Scalar>& sink) {
    const std::size_t n_slots = block_of_slot_.size();
    for (std::size_t slot = 0; slot < n_slots; slot += group_rows_) {
        run_group(slot, std::min(n_slots, slot + group_rows_), sink);
    }
}

/// Both ends of a row's stretch of columns rise with the row.
template <class Scalar>
void StreamTiles<Scalar>::run_group(std::size_t begin, std::size_t end, PairSink<Scalar>& sink) {
    const std::size_t rows = kernels_.panel_rows;
    const std::size_t columns = kernels_.panel_columns;
    std::size_t low = begin;
    std::size_t high = begin;
    std::size_t column = first_column_[begin] / columns * columns;
    for (; column < last_column_[end - 1]; column += columns) {
        while (low < end && last_column_[low] <= column) {
            ++low;
        }
        while (high < end && first_column_[high] < column + columns) {
            ++high;
        }
        if (low < high) {
            run_area({low / rows * rows, low, high, column}, sink);
        }
    }
}

template <class Scalar>
void StreamTiles<Scalar>::run_area(const Area& area, PairSink<Scalar>& sink) {
    multiply(0, area);
    if (pair_.codes == nullptr) {
        multiply(1, area);
    } else {
        compare_codes(area);
    }
    const std::size_t columns = kernels_.panel_columns;
    const std::size_t skipped = (area.first_row - area.begin) * columns;
    sink.enter(values_[0].data(), values_[1].data(), (area.last_row - area.begin) * columns);
    if (is_whole(area)) {
        sink.take(skipped, (area.last_row - area.first_row) * columns, {});
        return;
    }
    for (std::size_t slot = area.first_row; slot < area.last_row; ++slot) {
        sink_row(slot, area, sink);
    }
}

template <class Scalar>
bool StreamTiles<Scalar>::is_whole(const Area& area) const {
    return plan_.n_rounds == 0 && first_column_[area.last_row - 1] <= area.first_column &&
           last_column_[area.first_row] >= area.first_column + kernels_.panel_columns;
}

template <class Scalar>
void StreamTiles<Scalar>::sink_row(std::size_t slot, const Area& area,
                                   PairSink<Scalar>& sink) const {
    const std::size_t columns = kernels_.panel_columns;
    const std::size_t entry = (slot - area.begin) * columns;
    const std::size_t begin = std::max(first_column_[slot], area.first_column);
    const std::size_t end = std::min(last_column_[slot], area.first_column + columns);
    const auto& block = rows_.blocks()[block_of_slot_[slot]];
    const Range* ranges = ranges_.data() + block_of_slot_[slot] * ranges_per_block_;
    for (std::size_t k = 0; k < ranges_per_block_; ++k) {
        const std::size_t first = std::max(ranges[k].first, begin);
        const std::size_t last = std::min(ranges[k].last, end);
        if (first < last) {
            sink.take(entry + first - area.first_column, last - first,
                      {ranges[k].round, block.id, slot - block.first, first - ranges[k].first});
        }
    }
}

template <class Scalar>
void StreamTiles<Scalar>::multiply(std::size_t side, const Area& area) {
    const std::size_t rows = kernels_.panel_rows;
    const std::size_t columns = kernels_.panel_columns;
    const std::size_t n = rows_.n_features(side);
    const Scalar* column_panel = columns_.panel(side, area.first_column);
    std::size_t k = 0;
    do {
        const std::size_t n_now = std::min(feature_stretch, n - k);
        for (std::size_t slot = area.begin; slot < area.last_row; slot += rows) {
            kernels_.multiply(rows_.panel(side, slot) + k * rows, column_panel + k * columns, n_now,
                              k > 0, values_[side].data() + (slot - area.begin) * columns);
        }
        k += n_now;
    } while (k < n);
    const StreamSide& described = side == 0 ? pair_.a : pair_.b;
    if (described.metric == Metric::euclidean ||
        (pair_.is_single && described.single.centre != nullptr)) {
        kernels_.subtract_offsets(rows_.offsets(side) + area.begin,
                                  columns_.offsets(side) + area.first_column,
                                  area.last_row - area.begin, values_[side].data());
    }
}

template <class Scalar>
void StreamTiles<Scalar>::compare_codes(const Area& area) {
    const std::int64_t* codes = columns_.codes() + area.first_column;
    Scalar* to = values_[1].data();
    for (std::size_t slot = area.begin; slot < area.last_row; ++slot) {
        for (std::size_t c = 0; c < kernels_.panel_columns; ++c) {
            *to++ = codes[c] == rows_.codes()[slot] ? Scalar{1} : Scalar{0};
        }
    }
}

template class StreamTiles<float>;
template class StreamTiles<double>;

}  // namespace fastshesha
