#pragma once

#include <cstdint>
#include <vector>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Features that hold far more of the rows' squares than others, like the outlier dimensions of
/// transformers: differences of sums that contain them would drown the rest in rounding.
struct HeavyFeatures {
    std::vector<std::int64_t> columns;  ///< rising, a handful at most
    std::vector<double> light_norms;    ///< of every row without them

    bool contain(std::int64_t column) const;
};

/// Two passes over finite rows of about equal norm.
HeavyFeatures find_heavy_features(const MatrixView& X, int n_threads);

}  // namespace fastshesha
