#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/level_map.hpp"
#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

/// What tiles in float32 need beside: the point near which rows of unit length lie (null for zero)
/// and from which they are taken, the square of its length, and the level map of similarities less
/// that square.
struct SingleSide {
    const double* centre;
    double shift;
    LevelMap<float> map;
};

/// One of the two representations whose pairs are compared: some columns of a matrix, `centre`
/// (null for zero) taken away from each of them. Similarities are the cosine, for correlation that
/// of rows without their mean, for euclidean minus half the squared distance.
struct StreamSide {
    MatrixView X;
    std::span<const std::int64_t> columns;
    const double* centre;
    Metric metric;
    LevelMap<double> map;
    SingleSide single;
};

/// Both sides. With `codes`, one for every row, the second side has level 1 where the codes of
/// two rows are equal and 0 where they differ, and nothing of `b` is read.
struct StreamPair {
    StreamSide a;
    StreamSide b;
    const std::int64_t* codes;
    /// Whether rows without a direction count, with similarity 0 to all others; else they are
    /// left out on both sides.
    bool keep_undefined;
    /// Whether tiles are computed in float32, else in float64.
    bool is_single;
};

/// Which pairs of rows. `rows` is a sequence of row numbers, cut into n_blocks blocks of nearly
/// equal size. Without rounds every pair of the sequence counts once. With n_rounds > 0, round k
/// pairs every row of block I with every row of block I + 1 + k, counted in a circle.
struct PairPlan {
    std::span<const std::int64_t> rows;
    std::size_t n_blocks;
    std::size_t n_rounds;
    std::size_t rows_per_tile;
};

/// Tiles, the units of work, are numbered from 0. Any division of them into calls, whose states
/// are then added, gives the same state.
std::size_t count_tiles(const PairPlan& plan);

/// State arrays of a round: how often each level of the first side occurs, the sum of the second
/// side's levels beside it, and both with the sides changed over; one entry a level each.
inline constexpr std::size_t state_arrays = 4;

/// Adds the pairs of tiles [first_tile, last_tile) to `state`, which holds max(1, n_rounds) rounds
/// of state_arrays rows of n_levels entries. Memory is the rows of two blocks, or rows_per_tile and
/// n_rounds blocks, twice over in the type of the tiles a thread, and 16 n_levels bytes a round and
/// thread.
void add_level_counts(const StreamPair& pair, const PairPlan& plan, std::size_t first_tile,
                      std::size_t last_tile, std::size_t n_levels, int n_threads,
                      std::int64_t* state);

/// The sum over the pairs of the product of what two tables hold for their levels, as
/// high * 2^32 + low, and the number of pairs.
struct TableProducts {
    std::int64_t high;
    std::int64_t low;
    std::int64_t n_pairs;
};

/// Tables hold n_levels entries of at most 2^24 in size.
TableProducts sum_table_products(const StreamPair& pair, const PairPlan& plan,
                                 std::size_t first_tile, std::size_t last_tile,
                                 const std::int32_t* table_a, const std::int32_t* table_b,
                                 int n_threads);

/// Slots per row that similarities() fills.
std::size_t similarities_per_row(const PairPlan& plan);

/// Similarities of all pairs of a plan with rounds, a value in both arrays for every pair; they
/// hold rows_in_slots * similarities_per_row entries, where rows_in_slots is n_blocks times the
/// size of the largest block. Entries without a pair are left as they are.
void similarities(const StreamPair& pair, const PairPlan& plan, int n_threads, double* a,
                  double* b);

/// Levels of n values, as the tiles find them.
template <class Scalar>
void map_levels(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                std::int32_t* levels);

/// Which rows lack a direction on this side (cosine, correlation) or are too long (euclidean).
void find_undefined_rows(const StreamSide& side, int n_threads, std::uint8_t* undefined);

}  // namespace fastshesha
