#include "pattern_order.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace fastshesha {
namespace {

/// Place of a pattern in the Gray-code sequence g(t) = t xor (t >> 1).
std::size_t place_in_gray_code(std::size_t pattern) {
    std::size_t place = 0;
    for (; pattern != 0; pattern >>= 1) {
        place ^= pattern;
    }
    return place;
}

std::vector<std::size_t> gray_code_places(const FeatureHalves& halves, std::size_t n_features) {
    std::vector<std::size_t> patterns(n_features, 0);
    for (std::size_t s = 0; s < halves.n_splits; ++s) {
        const std::int64_t* const first = halves.first + s * halves.half_size;
        for (std::size_t k = 0; k < halves.half_size; ++k) {
            patterns[static_cast<std::size_t>(first[k])] |= std::size_t{1} << s;
        }
    }
    std::transform(patterns.begin(), patterns.end(), patterns.begin(), place_in_gray_code);
    return patterns;
}

/// With so many features at each place.
std::vector<SplitStep> steps_between(const std::vector<std::size_t>& n_at, std::size_t n_splits) {
    std::vector<SplitStep> steps;
    // Between places t - 1 and t the lowest set bit of t changes.
    for (std::size_t t = 1; t < n_at.size(); ++t) {
        const auto split = static_cast<unsigned>(std::countr_zero(t));
        steps.push_back({n_at[t - 1], split, ((t ^ (t >> 1)) >> split & 1) != 0});
    }
    // Only the highest bit is set at the last place.
    steps.push_back({n_at.back(), static_cast<unsigned>(n_splits - 1), false});
    return steps;
}

}  // namespace

PatternOrder order_by_patterns(const FeatureHalves& halves, std::size_t n_features,
                               const HeavyFeatures& heavy) {
    const std::vector<std::size_t> places = gray_code_places(halves, n_features);
    std::vector<std::size_t> n_at(std::size_t{1} << halves.n_splits, 0);
    std::vector<std::int64_t> features;
    for (std::size_t k = 0; k < n_features; ++k) {
        const auto feature = static_cast<std::int64_t>(k);
        if (!heavy.contain(feature)) {
            features.push_back(feature);
            ++n_at[places[k]];
        }
    }
    std::stable_sort(features.begin(), features.end(), [&](std::int64_t a, std::int64_t b) {
        return places[static_cast<std::size_t>(a)] < places[static_cast<std::size_t>(b)];
    });
    features.insert(features.end(), heavy.columns.begin(), heavy.columns.end());
    return {std::move(features), steps_between(n_at, halves.n_splits)};
}

}  // namespace fastshesha
