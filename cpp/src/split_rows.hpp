#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/split_stream.hpp"
#include "stream_rows.hpp"

namespace fastshesha {

/// What makes products over the halves of a split similarities, for the rows of one layout of a
/// tile, which holds every row of its blocks. Rows are packed over all columns. What their products
/// in a half have too much are terms, products of two numbers, one a row: under correlation the
/// row's sum over the half by the root of its columns, and in the second half, which is what the
/// first leaves of all columns, the values in those that neither holds.
class SplitRows {
public:
    /// Terms have the sign of one of the two layouts whose rows are multiplied.
    SplitRows(const StreamSide& whole, const PairPlan& plan, const StreamRows<float>& rows,
              float sign_of_terms);

    /// Adds up all columns, once the rows of a tile are there.
    void load();
    /// The rows in the halves of a split.
    void describe(const StreamSplit& split);

    /// For each slot the inverse length of its row in a half; 0 where it has no direction.
    const float* factors(std::size_t half) const { return halves_[half].factors.data(); }
    std::size_t n_terms(std::size_t half) const { return halves_[half].n_terms; }
    /// What is to be added to the products of a half, laid out like so many features.
    const float* terms(std::size_t half, std::size_t slot) const {
        return halves_[half].terms.data() + slot / width_ * width_ * n_terms(half);
    }
    /// Whether a slot has similarities in both halves, one byte each.
    const std::uint8_t* defined() const { return is_defined_.data(); }
    bool are_all_defined() const { return are_all_defined_; }

private:
    /// Over some columns, for each slot; of values where there is a mean to take away.
    struct Sums {
        std::vector<double> values;
        std::vector<double> squares;
    };
    struct Half {
        std::vector<std::uint32_t> positions;
        std::vector<std::int64_t> columns;
        Sums sums;
        std::vector<float> factors;
        std::vector<float> terms;
        std::size_t n_terms = 0;
    };

    std::size_t n_padded() const { return (rows_.n_slots() + width_ - 1) / width_ * width_; }
    void choose(const StreamSplit& split);
    void place_left_out(const StreamSplit& split);
    void add_up(std::span<const std::uint32_t> positions, Sums& sums) const;
    void place(Half& half, std::size_t term, std::size_t slot, double value) const;
    bool describe_row(Half& half, std::size_t slot, std::size_t row);
    double square_alone(const Half& half, std::size_t slot) const;

    const StreamSide& whole_;
    const PairPlan& plan_;
    const StreamRows<float>& rows_;
    const float sign_of_terms_;
    const std::size_t width_;
    const bool has_mean_;
    std::vector<std::uint32_t> all_;
    Sums sums_;
    Sums left_out_;
    Half halves_[2];
    std::vector<double> scratch_;
    std::vector<std::uint8_t> is_defined_;
    bool are_all_defined_ = true;
};

}  // namespace fastshesha
