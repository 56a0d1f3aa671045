#include "split_tiles.hpp"

#include <algorithm>
#include <cmath>

#include "stream_dispatch.hpp"

namespace fastshesha {
namespace {

// A second half that holds less of a row is summed by itself.
constexpr double smallest_rest = 1e-6;

/// All columns as the first side, so that no row is left out when they are packed.
StreamPair whole_pair(const SplitStream& stream) {
    StreamPair pair{stream.whole, stream.whole, nullptr, true, true};
    pair.b.columns = {};
    return pair;
}

/// sums[r] += square of row r of a panel in column k.
void add_squares(const float* panel, std::size_t width, std::size_t k, double* sums) {
    for (std::size_t r = 0; r < width; ++r) {
        const double value = panel[k * width + r];
        sums[r] += value * value;
    }
}

std::vector<double> squares_of(const StreamRows<float>& rows) {
    const std::size_t width = rows.width();
    std::vector<double> squares((rows.n_slots() + width - 1) / width * width);
    for (std::size_t slot = 0; slot < rows.n_slots(); slot += width) {
        for (std::size_t k = 0; k < rows.n_features(0); ++k) {
            add_squares(rows.panel(0, slot), width, k, squares.data() + slot);
        }
    }
    return squares;
}

double square_outside(const float* row, std::size_t width, std::size_t n_features,
                      const StreamSplit& split) {
    double sum = 0.0;
    auto next = split.first.begin();
    for (std::size_t k = 0; k < n_features; ++k) {
        const bool is_first = next != split.first.end() && *next == k;
        next += is_first ? 1 : 0;
        const double value = is_first ? 0.0 : row[k * width];
        sum += value * value;
    }
    return sum;
}

float inverse_root(double square) {
    return square > 0.0 ? static_cast<float>(1.0 / std::sqrt(square)) : 0.0F;
}

}  // namespace

SplitTiles::SplitTiles(const SplitStream& stream, const PairPlan& plan)
    : stream_(stream),
      pair_(whole_pair(stream)),
      kernels_(active_stream_kernels<float>()),
      tile_(pair_, plan, kernels_),
      values_{std::vector<float>(stream_area), std::vector<float>(stream_area)} {}

void SplitTiles::load(std::size_t tile) {
    tile_.load(tile);
    const TileAreas& areas = tile_.areas();
    std::size_t n = 0;
    areas.for_each([&](const Area& area) { n += areas.n_computed(area); });
    totals_.resize(std::max(totals_.size(), n));
    float* to = totals_.data();
    areas.for_each([&](const Area& area) {
        multiply_area(kernels_, tile_, 0, area, to, nullptr);
        to += areas.n_computed(area);
    });
    rows_.whole_squares = squares_of(tile_.rows());
    columns_.whole_squares = squares_of(tile_.columns());
}

void SplitTiles::run(const StreamSplit& split, PairSink<float>& sink) {
    describe(tile_.rows(), split, rows_);
    describe(tile_.columns(), split, columns_);
    CountedSlots counted;
    if (!stream_.keep_undefined && !(rows_.are_all_defined && columns_.are_all_defined)) {
        counted = {rows_.is_defined.data(), columns_.is_defined.data()};
    }
    const TileAreas& areas = tile_.areas();
    const float* totals = totals_.data();
    areas.for_each([&](const Area& area) {
        multiply_first(split, area,
                       spread(sink.waiting(), split.first.size(), areas.n_panels(area)));
        kernels_.subtract(totals, values_[0].data(), area.last_row - area.begin, values_[1].data());
        scale(area);
        sink.enter(values_[0].data(), values_[1].data(), areas.n_entries(area));
        areas.take_pairs(area, sink, counted);
        totals += areas.n_computed(area);
    });
}

void SplitTiles::multiply_first(const StreamSplit& split, const Area& area, WaitingPairs* waiting) {
    const std::size_t n = tile_.rows().n_features(0);
    const std::uint32_t* features = split.first.data();
    const std::uint32_t* const end = features + split.first.size();
    const float* columns = tile_.columns().panel(0, area.first_column);
    std::size_t k = 0;
    do {
        const std::uint32_t* next = std::lower_bound(features, end, k + feature_stretch);
        for (std::size_t slot = area.begin; slot < area.last_row; slot += kernels_.panel_rows) {
            kernels_.multiply_listed(
                tile_.rows().panel(0, slot), columns, features,
                static_cast<std::size_t>(next - features), k > 0,
                values_[0].data() + (slot - area.begin) * kernels_.panel_columns, waiting);
        }
        features = next;
        k += feature_stretch;
    } while (k < n);
}

void SplitTiles::scale(const Area& area) {
    const std::size_t n_rows = area.last_row - area.begin;
    kernels_.scale(rows_.a.data() + area.begin, columns_.a.data() + area.first_column, n_rows,
                   values_[0].data());
    kernels_.scale(rows_.b.data() + area.begin, columns_.b.data() + area.first_column, n_rows,
                   values_[1].data());
}

void SplitTiles::describe(const StreamRows<float>& rows, const StreamSplit& split,
                          HalfRows& half) const {
    const std::size_t width = rows.width();
    half.a.assign(half.whole_squares.size(), 0.0F);
    half.b.assign(half.whole_squares.size(), 0.0F);
    half.is_defined.assign(half.whole_squares.size(), 1);
    half.are_all_defined = true;
    std::vector<double> first(width);
    for (std::size_t slot = 0; slot < rows.n_slots(); slot += width) {
        const float* panel = rows.panel(0, slot);
        std::fill(first.begin(), first.end(), 0.0);
        for (const std::uint32_t k : split.first) {
            add_squares(panel, width, k, first.data());
        }
        for (std::size_t r = 0; r < std::min(width, rows.n_slots() - slot); ++r) {
            const double whole = half.whole_squares[slot + r];
            double second = whole - first[r];
            if (second < smallest_rest * whole) {
                second = square_outside(panel + r, width, rows.n_features(0), split);
            }
            const bool is_defined = first[r] > 0.0 && second > 0.0;
            half.a[slot + r] = inverse_root(first[r]);
            half.b[slot + r] = inverse_root(second);
            half.is_defined[slot + r] = is_defined ? 1 : 0;
            half.are_all_defined &= is_defined;
        }
    }
}

}  // namespace fastshesha
