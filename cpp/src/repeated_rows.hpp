#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// The distinct rows of a matrix and how often each occurs.
struct RepeatedRows {
    std::size_t n_columns;
    std::vector<double> values;
    std::vector<std::uint32_t> counts;

    MatrixView distinct() const;
};

/// Nothing where a row of finite values occurs less than twice on average, which the first half of
/// the rows may tell. O(n d) time.
std::optional<RepeatedRows> find_repeated_rows(const MatrixView& X);

}  // namespace fastshesha
