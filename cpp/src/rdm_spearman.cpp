#include "fastshesha/rdm_spearman.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "condensed_scan.hpp"
#include "distance_tiles.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"
#include "seldom_ties.hpp"
#include "work_buffer.hpp"

namespace fastshesha {
namespace {

bool ties_seldom(const MatrixView& X, Metric metric) {
    std::vector<std::size_t> rows(X.n_rows);
    std::vector<std::int64_t> columns(X.n_columns);
    std::iota(rows.begin(), rows.end(), 0);
    std::iota(columns.begin(), columns.end(), 0);
    return seldom_ties(X, rows, columns, metric);
}

/// Distances of all rows of a matrix from fused products, standing for SciPy's.
class FusedRdm {
public:
    FusedRdm(const MatrixView& X, Metric metric) : X_(X), metric_(metric), columns_(X.n_columns) {
        std::iota(columns_.begin(), columns_.end(), 0);
    }

    /// False where they would not do.
    bool measure(const Kernels& kernels, int n_threads) {
        rows_.pack(X_, columns_, metric_, kernels, n_threads);
        if (!norms_are_tame(norms())) {
            return false;
        }
        distances_.resize(n_pairs(X_.n_rows));
        const DistanceTiles tiles(rows_, metric_, kernels, Rounding::fused);
        parallel_for(tiles.n_blocks(), n_threads, [&](std::size_t block, const Worker&) {
            tiles.compute_block(block, distances_.data());
        });
        return clearly_varies(distances_.data(), distances_.size(), error());
    }

    bool rank(RankCorrelation& correlation, RankCorrelation::Step step, int n_threads) {
        const ValueRange range = value_range(distances_.data(), distances_.size(), n_threads);
        const PairDistances exact(X_, columns_, metric_, norms(), {range, error()});
        return (correlation.*step)(distances_.data(), distances_.size(), exact, n_threads);
    }

private:
    std::span<const double> norms() const { return {rows_.norms(), rows_.n_rows()}; }
    double error() const { return fused_error(X_.n_columns); }

    const MatrixView& X_;
    const Metric metric_;
    std::vector<std::int64_t> columns_;
    PackedRows rows_;
    WorkBuffer<double> distances_;
};

}  // namespace

std::optional<double> rdm_spearman(const MatrixView& X, const MatrixView& Y, Metric metric,
                                   int n_threads) {
    require(X.n_rows == Y.n_rows, "X and Y must have the same rows");
    const Kernels& kernels = active_kernels();
    const std::size_t n = n_pairs(X.n_rows);
    if (kernels.add_products_fused == nullptr || metric == Metric::euclidean || n < 2 ||
        !ties_seldom(X, metric) || !ties_seldom(Y, metric)) {
        return std::nullopt;
    }
    const double n_products =
        static_cast<double>(n) * (static_cast<double>(X.n_columns) +
                                  static_cast<double>(Y.n_columns) + 2.0 * products_per_rank);
    const int n_used = threads_worth_products(n_threads, n_products);
    RankCorrelation correlation;
    // One RDM after the other, in the work space of one.
    const auto rank = [&](const MatrixView& rows, RankCorrelation::Step step) {
        FusedRdm rdm(rows, metric);
        bool complete = rdm.measure(kernels, n_used);
        // In a region, for Ctrl-C.
        parallel_for(complete ? 1 : 0, 1, [&](std::size_t, const Worker&) {
            complete = rdm.rank(correlation, step, n_used);
        });
        return complete;
    };
    const bool complete =
        rank(X, &RankCorrelation::rank_first) && rank(Y, &RankCorrelation::rank_second);
    return complete ? std::optional(correlation.rho()) : std::nullopt;
}

}  // namespace fastshesha
