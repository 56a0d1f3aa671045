#include "pair_distance.hpp"

#include <algorithm>
#include <limits>

#include "condensed_index.hpp"
#include "fastshesha/distance.hpp"

namespace fastshesha {
namespace {

constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2.0;
// Covers products of rounding errors and the norms' own error.
constexpr double slack = 1.1;
// One rounding a term in the fused sum and half as many in each of SciPy's two lanes; then the
// lanes' sum, the norms' product, the quotient and the difference from 1, on both sides.
constexpr double roundings_per_feature = 1.5;
constexpr double other_roundings = 16.0;
constexpr double smallest_norm = 1e-140;
constexpr double largest_norm = 1e140;
// An exact distance costs about a hundred times an entry of a tile.
constexpr std::size_t entries_per_exact_value = 200;

double lane_sum(const double* a, const double* b, std::size_t stride, std::size_t n) {
    double sum = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
        sum += a[k * stride] * b[k * stride];
    }
    return sum;
}

}  // namespace

double cosine_distance(const PackedRows& rows, std::size_t i, std::size_t j) {
    const std::size_t stride = rows.panel_rows();
    const double* a = rows.panel(i / stride) + i % stride;
    const double* b = rows.panel(j / stride) + j % stride;
    const std::size_t second = rows.first_lane() * stride;
    double dot = lane_sum(a, b, stride, rows.first_lane()) +
                 lane_sum(a + second, b + second, stride, rows.second_lane());
    if (rows.tail() < rows.n_features()) {
        dot += a[rows.tail() * stride] * b[rows.tail() * stride];
    }
    return 1.0 - std::clamp(dot / (rows.norms()[i] * rows.norms()[j]), -1.0, 1.0);
}

double fused_error(std::size_t n_features) {
    const double roundings =
        roundings_per_feature * static_cast<double>(n_features) + other_roundings;
    return slack * unit_roundoff * roundings;
}

bool norms_are_tame(const PackedRows& rows) {
    return std::all_of(rows.norms(), rows.norms() + rows.n_rows(), [](double norm) {
        return norm >= smallest_norm && norm <= largest_norm;
    });
}

FusedDistances::FusedDistances(const PackedRows& rows)
    : Approximation(fused_error(rows.n_features()),
                    n_pairs(rows.n_rows()) / entries_per_exact_value),
      rows_(rows) {}

double FusedDistances::exact(std::size_t index) const {
    const auto [i, j] = pair_at(index, rows_.n_rows());
    return cosine_distance(rows_, i, j);
}

}  // namespace fastshesha
