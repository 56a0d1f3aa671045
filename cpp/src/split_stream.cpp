#include "fastshesha/split_stream.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include "fastshesha/error.hpp"
#include "parallel.hpp"
#include "split_tiles.hpp"
#include "stream_sinks.hpp"

namespace fastshesha {
namespace {

/// Calls use(tiles, worker) after each tile was loaded.
template <class Use>
void for_each_tile(const SplitStream& stream, const PairPlan& plan, std::size_t first_tile,
                   std::size_t last_tile, int n_threads, const Use& use) {
    require_plan(plan, first_tile, last_tile);
    require(stream.whole.metric != Metric::euclidean, "squared distances share no products");
    std::vector<std::unique_ptr<SplitTiles>> tiles(
        static_cast<std::size_t>(std::max(1, n_threads)));
    parallel_for(last_tile - first_tile, n_threads, [&](std::size_t i, const Worker& worker) {
        std::unique_ptr<SplitTiles>& own = tiles[worker.index()];
        if (!own) {
            own = std::make_unique<SplitTiles>(stream, plan);
        }
        own->load(first_tile + i);
        use(*own, worker);
    });
}

}  // namespace

void add_split_counts(const SplitStream& stream, const PairPlan& plan, std::size_t first_tile,
                      std::size_t last_tile, std::size_t n_levels, int n_threads,
                      std::int64_t* state) {
    const std::size_t n_rounds = std::max<std::size_t>(1, plan.n_rounds);
    std::deque<SharedState> shared;
    for (std::size_t s = 0; s < stream.splits.size(); ++s) {
        shared.emplace_back(state + s * n_rounds * state_arrays * n_levels, n_rounds, n_levels);
    }
    using Counters = std::vector<std::unique_ptr<LevelCounter<float>>>;
    std::vector<Counters> counters(static_cast<std::size_t>(std::max(1, n_threads)));
    for_each_tile(stream, plan, first_tile, last_tile, n_threads,
                  [&](SplitTiles& tiles, const Worker& worker) {
                      Counters& own = counters[worker.index()];
                      for (std::size_t s = 0; s < stream.splits.size(); ++s) {
                          const StreamSplit& split = stream.splits[s];
                          if (own.size() == s) {
                              own.push_back(std::make_unique<LevelCounter<float>>(
                                  split.map_a, split.map_b, shared[s]));
                          }
                          worker.check_interrupt();
                          tiles.run(split, *own[s]);
                      }
                  });
    for (const Counters& of_worker : counters) {
        for (const auto& counter : of_worker) {
            counter->flush();
        }
    }
}

void split_similarities(const SplitStream& stream, std::size_t split, const PairPlan& plan,
                        int n_threads, double* a, double* b) {
    require(plan.n_rounds > 0, "similarities are written down for a plan with rounds");
    require(split < stream.splits.size(), "no such split");
    for_each_tile(stream, plan, 0, count_tiles(plan), n_threads,
                  [&](SplitTiles& tiles, const Worker&) {
                      SimilarityWriter<float> writer(plan, a, b);
                      tiles.run(stream.splits[split], writer);
                  });
}

}  // namespace fastshesha
