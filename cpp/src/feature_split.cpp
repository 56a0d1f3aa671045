#include "fastshesha/feature_split.hpp"

#include "fastshesha/distance.hpp"
#include "fastshesha/threads.hpp"
#include "kernels/dispatch.hpp"
#include "split_schedule.hpp"

namespace fastshesha {

void feature_split_scores(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                          UndefinedPolicy undefined, int n_threads, double* scores,
                          std::int64_t* n_undefined) {
    const Kernels& kernels = active_kernels();
    const bool fused_possible = kernels.add_products_fused != nullptr &&
                                metric != Metric::euclidean && n_pairs(X.n_rows) > 0;
    SplitTask task{X, halves, metric, undefined, kernels, fused_possible};
    const double n_steps = static_cast<double>(halves.n_splits) *
                           static_cast<double>(n_pairs(X.n_rows)) *
                           static_cast<double>(X.n_columns);
    SplitSchedule(task, threads_worth(n_threads, n_steps), scores, n_undefined).run();
}

}  // namespace fastshesha
