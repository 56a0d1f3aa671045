#include "split_rows.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "row_reader.hpp"
#include "tile_loader.hpp"

namespace fastshesha {
namespace {

// A half that holds less of a row's square is added up by itself, and looked at as it was read.
constexpr double smallest_rest = 1e-6;

double inverse_root(double square) { return square > 0.0 ? 1.0 / std::sqrt(square) : 0.0; }

/// Sums over some columns of n rows of a panel, in the order of the columns; of values unless null.
template <std::size_t n>
void add_up_rows(const float* rows, std::size_t width, std::span<const std::uint32_t> positions,
                 double* squares, double* values) {
    double sums[2][n] = {};
    for (const std::uint32_t k : positions) {
        for (std::size_t r = 0; r < n; ++r) {
            const double value = rows[k * width + r];
            sums[0][r] += value * value;
            sums[1][r] += value;
        }
    }
    std::copy_n(sums[0], n, squares);
    if (values != nullptr) {
        std::copy_n(sums[1], n, values);
    }
}

/// What is left of sums over all columns; empty where those are.
std::vector<double> rest(const std::vector<double>& whole, const std::vector<double>& first,
                         const std::vector<double>& left_out) {
    std::vector<double> second(whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        second[i] = whole[i] - first[i] - left_out[i];
    }
    return second;
}

bool holds(std::span<const std::uint32_t> positions, std::uint32_t k) {
    return std::binary_search(positions.begin(), positions.end(), k);
}

}  // namespace

SplitRows::SplitRows(const StreamSide& whole, const PairPlan& plan, const StreamRows<float>& rows,
                     float sign_of_terms)
    : whole_(whole),
      plan_(plan),
      rows_(rows),
      sign_of_terms_(sign_of_terms),
      width_(rows.width()),
      has_mean_(whole.metric == Metric::correlation),
      all_(whole.columns.size()),
      scratch_(whole.columns.size()) {
    std::iota(all_.begin(), all_.end(), std::uint32_t{0});
}

void SplitRows::load() { add_up(all_, sums_); }

void SplitRows::describe(const StreamSplit& split) {
    choose(split);
    add_up(split.first, halves_[0].sums);
    add_up(split.left_out, left_out_);
    halves_[1].sums = {rest(sums_.values, halves_[0].sums.values, left_out_.values),
                       rest(sums_.squares, halves_[0].sums.squares, left_out_.squares)};
    place_left_out(split);
    is_defined_.assign(n_padded(), 1);
    are_all_defined_ = true;
    for (const RowBlock& block : rows_.blocks()) {
        const std::span<const std::int64_t> rows = rows_of_block(plan_, block.id);
        for (std::size_t slot = block.first; slot < block.last; ++slot) {
            const auto row = static_cast<std::size_t>(rows[slot - block.first]);
            const bool in_first = describe_row(halves_[0], slot, row);
            const bool is_defined = describe_row(halves_[1], slot, row) && in_first;
            is_defined_[slot] = is_defined ? 1 : 0;
            are_all_defined_ &= is_defined;
        }
    }
}

void SplitRows::choose(const StreamSplit& split) {
    halves_[0].positions.assign(split.first.begin(), split.first.end());
    halves_[1].positions.clear();
    std::copy_if(
        all_.begin(), all_.end(), std::back_inserter(halves_[1].positions),
        [&](std::uint32_t k) { return !holds(split.first, k) && !holds(split.left_out, k); });
    halves_[0].n_terms = has_mean_ ? 1 : 0;
    halves_[1].n_terms = halves_[0].n_terms + split.left_out.size();
    for (Half& half : halves_) {
        half.columns.clear();
        for (const std::uint32_t k : half.positions) {
            half.columns.push_back(whole_.columns[k]);
        }
        half.factors.assign(n_padded(), 0.0F);
        half.terms.assign(n_padded() * half.n_terms, 0.0F);
    }
}

/// Behind the term of the mean.
void SplitRows::place_left_out(const StreamSplit& split) {
    for (std::size_t i = 0; i < split.left_out.size(); ++i) {
        for (std::size_t slot = 0; slot < rows_.n_slots(); ++slot) {
            const float* row = rows_.panel(0, slot) + slot % width_;
            place(halves_[1], halves_[0].n_terms + i, slot, row[split.left_out[i] * width_]);
        }
    }
}

/// Panels have an even number of rows.
void SplitRows::add_up(std::span<const std::uint32_t> positions, Sums& sums) const {
    sums.squares.resize(n_padded());
    sums.values.resize(has_mean_ ? n_padded() : 0);
    for (std::size_t slot = 0; slot < n_padded();) {
        const std::size_t r = slot % width_;
        const float* rows = rows_.panel(0, slot) + r;
        double* squares = sums.squares.data() + slot;
        double* values = has_mean_ ? sums.values.data() + slot : nullptr;
        const bool is_wide = width_ - r >= 4;
        (is_wide ? add_up_rows<4> : add_up_rows<2>)(rows, width_, positions, squares, values);
        slot += is_wide ? 4 : 2;
    }
}

void SplitRows::place(Half& half, std::size_t term, std::size_t slot, double value) const {
    const std::size_t panel = slot / width_ * width_ * half.n_terms;
    half.terms[panel + term * width_ + slot % width_] = sign_of_terms_ * static_cast<float>(value);
}

/// False where the row has no direction in the half.
bool SplitRows::describe_row(Half& half, std::size_t slot, std::size_t row) {
    double square = half.sums.squares[slot];
    if (has_mean_) {
        const auto n_columns = static_cast<double>(half.positions.size());
        const double mean = half.sums.values[slot] * inverse_root(n_columns);
        place(half, 0, slot, mean);
        square -= mean * mean;
    }
    if (square <= smallest_rest * sums_.squares[slot]) {
        square = square_alone(half, slot);
        StreamSide side = whole_;
        side.columns = half.columns;
        if (!has_similarities(side, row, scratch_.data())) {
            return false;
        }
    }
    half.factors[slot] = static_cast<float>(inverse_root(square));
    return true;
}

/// The square of a row in a half, less its mean there, without a difference of large sums.
double SplitRows::square_alone(const Half& half, std::size_t slot) const {
    const float* row = rows_.panel(0, slot) + slot % width_;
    double mean = 0.0;
    if (has_mean_) {
        for (const std::uint32_t k : half.positions) {
            mean += row[k * width_];
        }
        mean /= static_cast<double>(half.positions.size());
    }
    double square = 0.0;
    for (const std::uint32_t k : half.positions) {
        const double value = row[k * width_] - mean;
        square += value * value;
    }
    return square;
}

}  // namespace fastshesha
