#include "fastshesha/tile_stream.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "fastshesha/error.hpp"
#include "parallel.hpp"
#include "row_reader.hpp"
#include "stream_dispatch.hpp"
#include "stream_sinks.hpp"

namespace fastshesha {
namespace {

/// Runs tiles on threads; every thread computes and sinks with what make_sink() gave it.
template <class Scalar, class Sink, class MakeSink>
std::vector<std::unique_ptr<Sink>> run_tiles(const StreamPair& pair, const PairPlan& plan,
                                             std::size_t first_tile, std::size_t last_tile,
                                             int n_threads, const MakeSink& make_sink) {
    require_plan(plan, first_tile, last_tile);
    const auto n_workers = static_cast<std::size_t>(std::max(1, n_threads));
    std::vector<std::unique_ptr<StreamTiles<Scalar>>> tiles(n_workers);
    std::vector<std::unique_ptr<Sink>> sinks(n_workers);
    parallel_for(last_tile - first_tile, n_threads, [&](std::size_t i, const Worker& worker) {
        if (!sinks[worker.index()]) {
            tiles[worker.index()] = std::make_unique<StreamTiles<Scalar>>(pair, plan);
            sinks[worker.index()] = make_sink();
        }
        tiles[worker.index()]->run(first_tile + i, *sinks[worker.index()]);
    });
    std::erase(sinks, nullptr);
    return sinks;
}

/// Calls use(Scalar{}) with the type of the tiles.
template <class Use>
auto with_tile_type(const StreamPair& pair, const Use& use) {
    return pair.is_single ? use(float{}) : use(double{});
}

}  // namespace

void add_level_counts(const StreamPair& pair, const PairPlan& plan, std::size_t first_tile,
                      std::size_t last_tile, std::size_t n_levels, int n_threads,
                      std::int64_t* state) {
    SharedState shared(state, std::max<std::size_t>(1, plan.n_rounds), n_levels);
    with_tile_type(pair, [&]<class Scalar>(Scalar) {
        using Counter = LevelCounter<Scalar>;
        const auto counters =
            run_tiles<Scalar, Counter>(pair, plan, first_tile, last_tile, n_threads, [&] {
                return std::make_unique<Counter>(map_of<Scalar>(pair.a), map_of<Scalar>(pair.b),
                                                 shared);
            });
        for (const auto& counter : counters) {
            counter->flush();
        }
    });
}

TableProducts sum_table_products(const StreamPair& pair, const PairPlan& plan,
                                 std::size_t first_tile, std::size_t last_tile,
                                 const std::int32_t* table_a, const std::int32_t* table_b,
                                 int n_threads) {
    return with_tile_type(pair, [&]<class Scalar>(Scalar) {
        using Sum = ProductSum<Scalar>;
        const auto sums = run_tiles<Scalar, Sum>(pair, plan, first_tile, last_tile, n_threads, [&] {
            return std::make_unique<Sum>(pair, table_a, table_b);
        });
        TableProducts total{};
        for (const auto& sum : sums) {
            total.high += sum->total().high;
            total.low += sum->total().low;
            total.n_pairs += sum->total().n_pairs;
        }
        return total;
    });
}

std::size_t similarities_per_row(const PairPlan& plan) {
    return plan.n_rounds * largest_block(plan);
}

void similarities(const StreamPair& pair, const PairPlan& plan, int n_threads, double* a,
                  double* b) {
    require(plan.n_rounds > 0, "similarities are written down for a plan with rounds");
    with_tile_type(pair, [&]<class Scalar>(Scalar) {
        using Writer = SimilarityWriter<Scalar>;
        run_tiles<Scalar, Writer>(pair, plan, 0, count_tiles(plan), n_threads,
                                  [&] { return std::make_unique<Writer>(plan, a, b); });
    });
}

template <class Scalar>
void map_levels(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                std::int32_t* levels) {
    const auto find_levels = active_stream_kernels<Scalar>().find_levels;
    for (std::size_t i = 0; i < n; i += stream_area) {
        find_levels(values + i, std::min(stream_area, n - i), map, levels + i);
    }
}

template void map_levels(const float*, std::size_t, const LevelMap<float>&, std::int32_t*);
template void map_levels(const double*, std::size_t, const LevelMap<double>&, std::int32_t*);

void find_undefined_rows(const StreamSide& side, int n_threads, std::uint8_t* undefined) {
    constexpr std::size_t rows_per_task = 1024;
    const std::size_t n_rows = side.X.n_rows;
    parallel_for((n_rows + rows_per_task - 1) / rows_per_task, n_threads,
                 [&](std::size_t i, const Worker&) {
                     std::vector<double> row(side.columns.size());
                     const std::size_t end = std::min(n_rows, (i + 1) * rows_per_task);
                     for (std::size_t r = i * rows_per_task; r < end; ++r) {
                         undefined[r] = !has_similarities(side, r, row.data());
                     }
                 });
}

}  // namespace fastshesha
