#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/level_map.hpp"
#include "fastshesha/tile_stream.hpp"

namespace fastshesha {

/// One split of the columns into halves: positions in the common columns of the first half and of
/// columns that are in neither, both in rising order, and the level maps of both halves.
struct StreamSplit {
    std::span<const std::uint32_t> first;
    std::span<const std::uint32_t> left_out;
    LevelMap<float> map_a;
    LevelMap<float> map_b;
};

/// Several splits of the same columns, whose tiles share their rows and the products over all
/// columns, in float32: what a first half leaves of those is the second half's, but for products of
/// two numbers, one a row, that stand for columns left out and for means.
struct SplitStream {
    /// The columns of all halves; its maps and centres are not used. The metric is
    /// cosine or correlation.
    StreamSide whole;
    std::span<const StreamSplit> splits;
    /// Whether rows without a direction in a half count, with similarity 0 to all others; else they
    /// are left out of the split.
    bool keep_undefined;
};

/// Adds the pairs of tiles [first_tile, last_tile) to `state`, for every split as
/// add_level_counts() does. Memory is that, and for each thread 4 bytes an entry of a tile.
void add_split_counts(const SplitStream& stream, const PairPlan& plan, std::size_t first_tile,
                      std::size_t last_tile, std::size_t n_levels, int n_threads,
                      std::int64_t* state);

/// Similarities of the pairs of one split as similarities() writes them down.
void split_similarities(const SplitStream& stream, std::size_t split, const PairPlan& plan,
                        int n_threads, double* a, double* b);

}  // namespace fastshesha
