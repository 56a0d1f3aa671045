#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "stream_dispatch.hpp"
#include "stream_tiles.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// The map that tiles of a type need.
template <class Scalar>
const LevelMap<Scalar>& map_of(const StreamSide& side);

/// Levels of the pairs of an area.
template <class Scalar>
class LevelSink : public PairSink<Scalar> {
public:
    LevelSink(const LevelMap<Scalar>& map_a, const LevelMap<Scalar>& map_b)
        : map_a_(map_a), map_b_(map_b), find_levels_(active_stream_kernels<Scalar>().find_levels) {}
    void enter(const Scalar* a, const Scalar* b, std::size_t n) override {
        find_levels_(a, n, map_a_, a_);
        find_levels_(b, n, map_b_, b_);
    }

protected:
    std::int32_t a_[stream_area + pairs_ahead] = {};
    std::int32_t b_[stream_area + pairs_ahead] = {};

private:
    const LevelMap<Scalar>& map_a_;
    const LevelMap<Scalar>& map_b_;
    void (*find_levels_)(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                         std::int32_t* levels);
};

/// The state that all workers add to.
struct SharedState {
    SharedState(std::int64_t* to, std::size_t rounds, std::size_t levels)
        : counts(to), n_rounds(rounds), n_levels(levels) {}

    std::int64_t* counts;
    std::size_t n_rounds;
    std::size_t n_levels;
    std::mutex mutex;
};

/// Counts levels in packed tables; the pairs it took last wait for the next area.
template <class Scalar>
class LevelCounter final : public LevelSink<Scalar> {
public:
    LevelCounter(const LevelMap<Scalar>& map_a, const LevelMap<Scalar>& map_b, SharedState& shared);
    void enter(const Scalar* a, const Scalar* b, std::size_t n) override;
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;
    WaitingPairs* waiting() override { return &waiting_; }
    /// Moves what was counted to the shared state.
    void flush();

private:
    SharedState& shared_;
    void (*count_)(WaitingPairs& pairs);
    WorkBuffer<std::uint64_t> tables_;
    WaitingPairs waiting_{};
    std::size_t n_pairs_ = 0;
};

/// Sums products of what two tables hold for the levels of a pair.
template <class Scalar>
class ProductSum final : public LevelSink<Scalar> {
public:
    ProductSum(const StreamPair& pair, const std::int32_t* table_a, const std::int32_t* table_b)
        : LevelSink<Scalar>(map_of<Scalar>(pair.a), map_of<Scalar>(pair.b)),
          table_a_(table_a),
          table_b_(table_b) {}
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;
    const TableProducts& total() const { return total_; }

private:
    const std::int32_t* table_a_;
    const std::int32_t* table_b_;
    TableProducts total_{};
};

/// Writes similarities down, each to the place of its pair.
template <class Scalar>
class SimilarityWriter final : public PairSink<Scalar> {
public:
    SimilarityWriter(const PairPlan& plan, double* a, double* b);
    void enter(const Scalar* a, const Scalar* b, std::size_t n) override;
    void take(std::size_t first, std::size_t n, const PairPlace& place) override;

private:
    std::size_t block_size_;
    std::size_t per_row_;
    double* out_a_;
    double* out_b_;
    const Scalar* a_ = nullptr;
    const Scalar* b_ = nullptr;
};

}  // namespace fastshesha
