#include "stream_rows.hpp"

#include <algorithm>
#include <cmath>

#include "fastshesha/error.hpp"
#include "pairwise_mean.hpp"

namespace fastshesha {
namespace {

// Squares outside lose digits or overflow.
constexpr double smallest_square = 1e-290;
constexpr double largest_square = 1e290;

/// In eight partial sums, for speed; the order is fixed.
double sum_of_squares(const double* row, std::size_t n) {
    double partial[8] = {};
    std::size_t k = 0;
    for (; k + 8 <= n; k += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) {
            partial[lane] += row[k + lane] * row[k + lane];
        }
    }
    for (; k < n; ++k) {
        partial[k % 8] += row[k] * row[k];
    }
    return ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
           ((partial[2] + partial[6]) + (partial[3] + partial[7]));
}

}  // namespace

bool read_stream_row(const StreamSide& side, std::size_t row, double* out, double& offset) {
    const std::size_t n = side.columns.size();
    gather_row(side.X, row, side.columns.data(), n, out);
    if (side.centre != nullptr) {
        for (std::size_t k = 0; k < n; ++k) {
            out[k] -= side.centre[k];
        }
    }
    if (side.metric == Metric::correlation) {
        subtract_mean(out, n);
    }
    const double square = sum_of_squares(out, n);
    const bool is_euclidean = side.metric == Metric::euclidean;
    offset = is_euclidean ? 0.5 * square : 0.0;
    if (is_euclidean ? square <= largest_square
                     : square >= smallest_square && square <= largest_square) {
        const double scale = is_euclidean ? 1.0 : 1.0 / std::sqrt(square);
        for (std::size_t k = 0; k < n && !is_euclidean; ++k) {
            out[k] *= scale;
        }
        return true;
    }
    std::fill_n(out, n, 0.0);
    offset = 0.0;
    return false;
}

StreamRows::StreamRows(const StreamPair& pair, const Kernels& kernels)
    : pair_(pair),
      panel_rows_(kernels.panel_rows),
      tile_panels_(kernels.tile_panels),
      n_features_{pair.a.columns.size(), pair.codes == nullptr ? pair.b.columns.size() : 0} {
    for (std::size_t side = 0; side < 2; ++side) {
        row_[side].resize(n_features_[side]);
    }
}

std::size_t StreamRows::spare_panels() const {
    return std::max(tile_panels_, stream_strip / panel_rows_);
}

void StreamRows::clear(std::size_t n_rows) {
    n_slots_ = 0;
    n_panels_ = 0;
    blocks_.clear();
    const std::size_t n_panels = n_rows / panel_rows_ + 1 + spare_panels();
    for (std::size_t side = 0; side < 2; ++side) {
        data_[side].reserve(checked_multiply(n_panels, panel_stride(side)));
    }
}

void StreamRows::add_panels(std::size_t n_panels) {
    const std::size_t n_slots = (n_panels_ + n_panels) * panel_rows_;
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t begin = n_panels_ * panel_stride(side);
        const std::size_t end = begin + n_panels * panel_stride(side);
        if (data_[side].size() < end) {
            data_[side].resize(end);
        }
        // Slots that stay free are multiplied, too, and must hold numbers.
        std::fill(data_[side].begin() + static_cast<std::ptrdiff_t>(begin),
                  data_[side].begin() + static_cast<std::ptrdiff_t>(end), 0.0);
        offsets_[side].resize(std::max(offsets_[side].size(), n_slots));
    }
    codes_.resize(std::max(codes_.size(), n_slots));
    n_panels_ += n_panels;
}

void StreamRows::place(std::size_t side, std::size_t slot, const double* row, double offset) {
    double* to = data_[side].data() + slot / panel_rows_ * panel_stride(side) + slot % panel_rows_;
    for (std::size_t k = 0; k < n_features_[side]; ++k) {
        to[k * panel_rows_] = row[k];
    }
    offsets_[side][slot] = offset;
}

void StreamRows::add_block(std::span<const std::int64_t> rows, std::size_t id) {
    const std::size_t first = n_slots_;
    const std::size_t needed = (first + rows.size() + panel_rows_ - 1) / panel_rows_;
    add_panels(std::max(needed, n_panels_) - n_panels_);
    std::size_t slot = first;
    for (const std::int64_t index : rows) {
        const auto row = static_cast<std::size_t>(index);
        double offset[2] = {};
        bool defined = read_stream_row(pair_.a, row, row_[0].data(), offset[0]);
        if (pair_.codes == nullptr) {
            defined &= read_stream_row(pair_.b, row, row_[1].data(), offset[1]);
        } else {
            codes_[slot] = pair_.codes[row];
        }
        if (!defined && !pair_.keep_undefined) {
            continue;
        }
        place(0, slot, row_[0].data(), offset[0]);
        place(1, slot, row_[1].data(), offset[1]);
        ++slot;
    }
    n_slots_ = slot;
    blocks_.push_back({first, slot, id});
}

void StreamRows::finish() { add_panels(spare_panels()); }

}  // namespace fastshesha
