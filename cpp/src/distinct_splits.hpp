#pragma once

#include "fastshesha/feature_split.hpp"
#include "row_classes.hpp"

namespace fastshesha {

/// Whether rows occur so often that their copy and a split a thread take less time and memory than
/// all pairs, and doubled ranks fit 32 bits.
bool distinct_rows_pay(const MatrixView& X, const RowClasses& classes, const FeatureHalves& halves,
                       int n_threads, std::size_t memory);

/// Scores feature splits by the distinct rows alone: a pair of them counts as often as the product
/// of their counts, and a row that occurs c times forms c (c - 1) / 2 pairs with its copies. Scores
/// have the bits of those over all pairs. False where some split needs all pairs: undefined
/// distances, or RDMs that hardly vary. Memory is 60 bytes a distinct pair and thread, and the
/// distinct rows in float64.
bool score_distinct_rows(const MatrixView& X, const RowClasses& classes,
                         const FeatureHalves& halves, Metric metric, int n_threads, double* scores);

}  // namespace fastshesha
