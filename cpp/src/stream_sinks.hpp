#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "stream_tiles.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Levels of the pairs of one row of a tile.
class LevelSink : public PairSink {
public:
    explicit LevelSink(const StreamPair& pair);
    void enter(const double* a, const double* b, std::size_t n) override;

protected:
    std::int32_t a_[stream_strip];
    std::int32_t b_[stream_strip];

private:
    const LevelMap& map_a_;
    const LevelMap& map_b_;
    FindLevels find_levels_;
};

/// The state that all workers add to.
struct SharedState {
    std::int64_t* counts;
    std::size_t n_rounds;
    std::size_t n_levels;
    std::mutex mutex;
};

/// Counts levels in packed tables: the count in the high 24 bits, the sum of the other side's
/// levels in the low 40.
class LevelCounter final : public LevelSink {
public:
    LevelCounter(const StreamPair& pair, SharedState& shared);
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;
    /// Moves what was counted to the shared state.
    void flush();

private:
    SharedState& shared_;
    WorkBuffer<std::uint64_t> tables_;
    std::size_t n_pairs_ = 0;
};

/// Sums products of what two tables hold for the levels of a pair.
class ProductSum final : public LevelSink {
public:
    ProductSum(const StreamPair& pair, const std::int32_t* table_a, const std::int32_t* table_b)
        : LevelSink(pair), table_a_(table_a), table_b_(table_b) {}
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;
    const TableProducts& total() const { return total_; }

private:
    const std::int32_t* table_a_;
    const std::int32_t* table_b_;
    TableProducts total_{};
};

/// Writes similarities down, each to the place of its pair.
class SimilarityWriter final : public PairSink {
public:
    SimilarityWriter(const PairPlan& plan, double* a, double* b);
    void enter(const double* a, const double* b, std::size_t n) override;
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;

private:
    std::size_t block_size_;
    std::size_t per_row_;
    double* out_a_;
    double* out_b_;
    const double* a_ = nullptr;
    const double* b_ = nullptr;
};

}  // namespace fastshesha
