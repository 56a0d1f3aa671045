#include "fastshesha/bootstrap.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "distance_tiles.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"
#include "kernels/dispatch.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "parallel.hpp"
#include "rank_bootstrap.hpp"
#include "weighted_pearson.hpp"

namespace fastshesha {
namespace {

int threads_for(const Resamples& resamples, std::size_t n_rdm_pairs, int n_threads) {
    return threads_worth(n_threads, static_cast<double>(n_rdm_pairs) *
                                        static_cast<double>(resamples.n_values()) *
                                        static_cast<double>(resamples.n_replicates));
}

class GivenDistances final : public DistanceSource {
public:
    GivenDistances(const double* a, const double* b, std::size_t n) : sides_{a, b}, n_(n) {}
    void fill(std::size_t, std::size_t side, const Worker&, double* out) const override {
        std::copy_n(sides_[side], n_, out);
    }

private:
    const double* sides_[2];
    std::size_t n_;
};

void fill_self_distances(const MatrixView& X, Columns columns, Metric metric, double* out) {
    std::vector<double> row(columns.size());
    for (std::size_t i = 0; i < X.n_rows; ++i) {
        out[i] = self_distance(X, i, columns, metric, row.data());
    }
}

/// Half RDMs of splits of the features.
class HalfDistances final : public DistanceSource {
public:
    HalfDistances(const MatrixView& X, const FeatureHalves& halves, Metric metric, bool self_pairs)
        : X_(X), halves_(halves), metric_(metric), self_pairs_(self_pairs) {}

    void fill(std::size_t split, std::size_t side, const Worker& worker,
              double* out) const override {
        const std::int64_t* half = side == 0 ? halves_.first : halves_.second;
        const Columns columns(half + split * halves_.half_size, halves_.half_size);
        PackedRows rows;
        rows.pack(X_, columns, metric_, kernels_);
        DistanceTiles(rows, metric_, kernels_).compute_all(worker, out);
        if (self_pairs_) {
            fill_self_distances(X_, columns, metric_, out + n_pairs(X_.n_rows));
        }
    }

private:
    const MatrixView& X_;
    const FeatureHalves& halves_;
    const Metric metric_;
    const bool self_pairs_;
    const Kernels& kernels_ = active_kernels();
};

void bootstrap_pearson(const double* a, const double* b, const Resamples& resamples,
                       UndefinedPolicy undefined, int n_threads, double* values,
                       std::int64_t* n_undefined) {
    const std::vector<std::uint32_t> rows = pair_count_rows(resamples);
    PairedDistances distances;
    distances.resize(rows.size());
    std::copy_n(a, rows.size(), distances.side(0));
    std::copy_n(b, rows.size(), distances.side(1));
    distances.settle(rows, undefined);
    distances.centre();
    const std::vector<ReplicateBlock> blocks = replicate_blocks(resamples);
    const Kernels& kernels = active_kernels();
    parallel_for(blocks.size(), n_threads, [&](std::size_t block, const Worker& worker) {
        weighted_pearson(distances, blocks[block], kernels, worker,
                         values + block * replicate_lanes, n_undefined + block * replicate_lanes);
    });
}

}  // namespace

std::size_t Resamples::n_values() const {
    return n_pairs(n_samples) + (self_pairs ? n_samples : 0);
}

void bootstrap_correlations(const double* a, const double* b, const Resamples& resamples,
                            CorrelationMethod method, UndefinedPolicy undefined, int n_threads,
                            double* values, std::int64_t* n_undefined) {
    require(resamples.n_samples <= most_bootstrap_samples, "more samples than a bootstrap serves");
    const int threads = threads_for(resamples, 1, n_threads);
    if (method == CorrelationMethod::pearson) {
        bootstrap_pearson(a, b, resamples, undefined, threads, values, n_undefined);
        return;
    }
    const GivenDistances source(a, b, resamples.n_values());
    RankBootstrap(source, resamples, undefined, threads).run(1, values, n_undefined);
}

void bootstrap_splits(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                      const Resamples& resamples, UndefinedPolicy undefined, int n_threads,
                      double* values, std::int64_t* n_undefined) {
    require(resamples.n_samples <= most_bootstrap_samples, "more samples than a bootstrap serves");
    const HalfDistances source(X, halves, metric, resamples.self_pairs);
    RankBootstrap(source, resamples, undefined, threads_for(resamples, halves.n_splits, n_threads))
        .run(halves.n_splits, values, n_undefined);
}

void self_distances(const MatrixView& X, Metric metric, double* out) {
    std::vector<std::int64_t> columns(X.n_columns);
    std::iota(columns.begin(), columns.end(), 0);
    fill_self_distances(X, columns, metric, out);
}

}  // namespace fastshesha
