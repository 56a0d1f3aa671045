#pragma once

#include <cmath>
#include <cstddef>
#include <utility>

namespace fastshesha {

/// Entries of the condensed vector that come before row i.
inline std::size_t condensed_row_start(std::size_t i, std::size_t n) {
    return i * (n - 1) - i * (i - 1) / 2;
}

/// The pair i < j at a place of the condensed vector of n samples.
inline std::pair<std::size_t, std::size_t> pair_at(std::size_t place, std::size_t n) {
    const double side = 2.0 * static_cast<double>(n) - 1.0;
    const double root = std::sqrt(side * side - 8.0 * static_cast<double>(place));
    auto i = static_cast<std::size_t>((side - root) / 2.0);
    // The root is rounded: step to the row that holds the place.
    while (i > 0 && condensed_row_start(i, n) > place) {
        --i;
    }
    while (condensed_row_start(i + 1, n) <= place) {
        ++i;
    }
    return {i, i + 1 + place - condensed_row_start(i, n)};
}

}  // namespace fastshesha
