#pragma once

#include "fastshesha/feature_split.hpp"
#include "row_classes.hpp"

namespace fastshesha {

/// Scores feature splits by the distinct rows alone: a pair of them counts as often as the product
/// of their counts, and a row that occurs c times forms c (c - 1) / 2 pairs with its copies. Scores
/// have the bits of those over all pairs. False where some split needs all pairs: undefined
/// distances, or RDMs that hardly vary. 60 bytes of memory a distinct pair and thread.
bool score_distinct_rows(const MatrixView& X, const RowClasses& classes,
                         const FeatureHalves& halves, Metric metric, int n_threads, double* scores);

}  // namespace fastshesha
