#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/feature_split.hpp"
#include "heavy_features.hpp"
#include "kernels/kernels.hpp"

namespace fastshesha {

/// Features by their patterns, in which bit s is set for those in the first half of split s, in
/// Gray-code order: one bit changes at a time.
struct PatternOrder {
    /// Heavy features, which no step sums, come last.
    std::vector<std::int64_t> features;
    std::vector<SplitStep> steps;
};

PatternOrder order_by_patterns(const FeatureHalves& halves, std::size_t n_features,
                               const HeavyFeatures& heavy);

}  // namespace fastshesha
