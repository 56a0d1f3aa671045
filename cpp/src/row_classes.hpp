#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Which rows of a matrix are equal: their distances to others are, to the bit.
struct RowClasses {
    std::vector<std::uint32_t> of_row;
    std::vector<std::size_t> first_row;  ///< of every class
    std::vector<std::uint32_t> sizes;

    std::size_t n_classes() const { return sizes.size(); }
    bool any_equal() const { return n_classes() < of_row.size(); }
};

/// Finds the equal rows of finite values, in O(n d) time. Of two different rows with one hash, the
/// second has a class to itself.
RowClasses classify_rows(const MatrixView& X, int n_threads);

}  // namespace fastshesha
