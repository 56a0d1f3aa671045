#include "fastshesha/feature_split.hpp"

#include <algorithm>
#include <optional>

#include "block_cache.hpp"
#include "distinct_splits.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"
#include "kernels/dispatch.hpp"
#include "nonzero_features.hpp"
#include "row_classes.hpp"
#include "seldom_ties.hpp"
#include "split_schedule.hpp"

namespace fastshesha {

std::size_t split_work_bytes(std::size_t n_samples, std::size_t half_size) {
    // Two vectors of distances, two of values with positions to sort them, ranks; and the packed
    // rows with the list of what is not zero.
    constexpr std::size_t bytes_a_pair = 4 * sizeof(double) + 3 * sizeof(std::uint32_t);
    constexpr std::size_t bytes_a_value = sizeof(double) + NonzeroFeatures::bytes_a_feature;
    return checked_multiply(n_pairs(n_samples), bytes_a_pair) +
           checked_multiply(n_samples, half_size) * bytes_a_value + 1;
}

void feature_split_scores(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                          UndefinedPolicy undefined, int n_threads, std::size_t memory,
                          double* scores, std::int64_t* n_undefined) {
    const Kernels& kernels = active_kernels();
    const double n_products = static_cast<double>(halves.n_splits) *
                              static_cast<double>(n_pairs(X.n_rows)) *
                              (static_cast<double>(X.n_columns) + 2.0 * products_per_rank);
    std::optional<KeepNoBlocks> bounded;
    if (memory < unbounded_memory) {
        bounded.emplace();
    }
    const std::size_t in_flight = memory / split_work_bytes(X.n_rows, halves.half_size);
    const int n_workers = static_cast<int>(std::min<std::size_t>(
        static_cast<std::size_t>(threads_worth_products(n_threads, n_products)),
        std::max<std::size_t>(1, in_flight)));
    const RowClasses classes = classify_rows(X, n_workers);
    if (distinct_rows_pay(X, classes, halves, n_workers, memory) &&
        score_distinct_rows(X, classes, halves, metric, n_workers, scores)) {
        std::fill_n(n_undefined, halves.n_splits, 0);
        return;
    }
    // Copies of rows are known to tie.
    const bool fused_possible =
        kernels.add_products_fused != nullptr && metric != Metric::euclidean &&
        n_pairs(X.n_rows) > 0 &&
        seldom_ties(X, classes.first_row, {halves.first, halves.half_size}, metric);
    SplitTask task{X, classes, halves, metric, undefined, kernels, fused_possible};
    SplitSchedule(task, n_workers, memory, scores, n_undefined).run();
}

}  // namespace fastshesha
