#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernels.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Stretches of packed features, each of which SciPy sums apart: even ones, odd ones, and the last
/// of an odd number.
inline constexpr std::size_t n_scipy_lanes = 3;
using LaneEnds = std::array<std::size_t, n_scipy_lanes>;

/// Rows packed in panels, see kernels/kernels.hpp.
struct Panels {
    const double* data;
    std::size_t n_rows;
    std::size_t panel_rows;
    LaneEnds lane_ends;

    std::size_t n_features() const { return lane_ends.back(); }
    /// Of rows, the last of which may be missing.
    std::size_t n_panels() const { return (n_rows + panel_rows - 1) / panel_rows; }
    const double* panel(std::size_t p) const { return data + p * panel_rows * n_features(); }
};

/// The features of packed rows that are not zero, where they are few. Sums of products over them
/// have the bits of sums over all: they begin at +0, which adding a zero of either sign leaves as
/// it is.
class NonzeroFeatures {
public:
    /// Memory of what is listed, for every feature of every row.
    static constexpr std::size_t bytes_a_feature = (sizeof(double) + sizeof(std::uint32_t)) / 2;

    /// Lists nothing where they are not few in a sample of rows, more than half in one, or where a
    /// value is not finite, whose product with a zero is none.
    void list(const Panels& panels, int n_threads);

    bool listed() const { return !ends_.empty(); }
    ListedFeatures of(std::size_t row, std::size_t lane) const {
        const LaneEnds& ends = ends_[row];
        const std::size_t begin = lane == 0 ? 0 : ends[lane - 1];
        const std::size_t first = row * capacity_ + begin;
        return {values_.data() + first, features_.data() + first, ends[lane] - begin};
    }

private:
    bool list_all(const Panels& panels, int n_threads);
    bool list_panel(const Panels& panels, std::size_t p);

    /// Places for a row; the last of them is written to, but holds nothing.
    std::size_t capacity_ = 0;
    std::vector<LaneEnds> ends_;
    WorkBuffer<double> values_;
    WorkBuffer<std::uint32_t> features_;
};

}  // namespace fastshesha
