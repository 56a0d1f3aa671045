#include "fastshesha/distance.hpp"

#include <numeric>
#include <string>
#include <vector>

#include "cross_tiles.hpp"
#include "distance_tiles.hpp"
#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "packed_rows.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

std::vector<std::int64_t> all_columns(const MatrixView& X) {
    std::vector<std::int64_t> columns(X.n_columns);
    std::iota(columns.begin(), columns.end(), 0);
    return columns;
}

/// What the level can do of what is asked for.
Rounding possible(Rounding rounding, const Kernels& kernels) {
    return kernels.add_products_fused == nullptr ? Rounding::exact : rounding;
}

int worthy_team(int n_threads, double n_distances, std::size_t n_columns) {
    return threads_worth_products(
        n_threads, n_distances * (static_cast<double>(n_columns) + products_per_distance));
}

void condensed_distances_of(const MatrixView& X, std::span<const std::int64_t> columns,
                            Metric metric, int n_threads, Rounding rounding, double* out) {
    if (X.n_rows < 2) {
        return;
    }
    const Kernels& kernels = active_kernels();
    const int team = worthy_team(n_threads, static_cast<double>(n_pairs(X.n_rows)), columns.size());
    PackedRows rows;
    rows.pack(X, columns, metric, kernels, team);
    const DistanceTiles tiles(rows, metric, kernels, possible(rounding, kernels));
    parallel_for(tiles.n_blocks(), team,
                 [&](std::size_t block, const Worker&) { tiles.compute_block(block, out); });
}

}  // namespace

Metric parse_metric(std::string_view name) {
    if (name == "cosine") {
        return Metric::cosine;
    }
    if (name == "correlation") {
        return Metric::correlation;
    }
    if (name == "euclidean") {
        return Metric::euclidean;
    }
    throw std::invalid_argument("metric is '" + std::string(name) +
                                "'; accepted are 'cosine', 'correlation', 'euclidean'");
}

std::size_t n_pairs(std::size_t n_samples) {
    return n_samples < 2 ? 0 : checked_multiply(n_samples, n_samples - 1) / 2;
}

void condensed_distances(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                         int n_threads, double* out) {
    condensed_distances_of(X, columns, metric, n_threads, Rounding::exact, out);
}

void condensed_distances(const MatrixView& X, Metric metric, int n_threads, double* out,
                         Rounding rounding) {
    condensed_distances_of(X, all_columns(X), metric, n_threads, rounding, out);
}

void cross_distances(const MatrixView& A, const MatrixView& B, Metric metric, int n_threads,
                     double* out, Rounding rounding) {
    require(A.n_columns == B.n_columns, "A and B must have as many columns");
    const Kernels& kernels = active_kernels();
    const double n_distances = static_cast<double>(A.n_rows) * static_cast<double>(B.n_rows);
    const int team = worthy_team(n_threads, n_distances, A.n_columns);
    PackedRows rows;
    PackedRows columns;
    rows.pack(A, all_columns(A), metric, kernels, team);
    columns.pack(B, all_columns(B), metric, kernels, team);
    const CrossTiles tiles(rows, columns, metric, kernels, possible(rounding, kernels));
    parallel_for(tiles.n_blocks(), team,
                 [&](std::size_t block, const Worker&) { tiles.compute_block(block, out); });
}

}  // namespace fastshesha
