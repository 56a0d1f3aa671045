#pragma once

#include <algorithm>
#include <limits>

namespace fastshesha {

/// From the lowest of some values to the highest; that of no values is empty.
struct ValueRange {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    void take_in(const ValueRange& other) {
        lowest = std::min(lowest, other.lowest);
        highest = std::max(highest, other.highest);
    }
};

}  // namespace fastshesha
