#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/kernels.hpp"

namespace fastshesha {

/// Monotone map of [lowest, highest] onto integers below 2^bits, even in value.
class ValueMap {
public:
    static constexpr int most_bits = 51;

    ValueMap(double lowest, double highest, int bits)
        : lowest_(lowest), scale_((std::ldexp(1.0, bits) - 2.0) / (highest - lowest)) {}

    /// False where the range is too wide or too narrow for double arithmetic.
    bool usable() const { return std::isfinite(scale_) && scale_ > 0.0 && std::isfinite(lowest_); }

    /// Keys of two values no more than `distance` apart differ by no more than this.
    std::uint64_t key_distance(double distance) const {
        return static_cast<std::uint64_t>(std::ceil(distance * scale_)) + 1;
    }

    std::uint64_t operator()(double value) const {
        // Adding 2^52 leaves the rounded integer in the fraction bits.
        return std::bit_cast<std::uint64_t>((value - lowest_) * scale_ + 0x1p52) & fraction_mask;
    }

private:
    static constexpr std::uint64_t fraction_mask = (std::uint64_t{1} << 52) - 1;
    double lowest_;
    double scale_;
};

/// Unsigned integers that order like the doubles; -0.0 becomes 0.0.
inline std::uint64_t sortable_bits(double value) {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
    return bits ^ ((bits & sign) != 0 ? ~std::uint64_t{0} : sign);
}

/// Monotone map of [lowest, highest] onto integers below 2^bits, even in the bits of the values,
/// which is close to even in their logarithm. Serves every range.
class BitsMap {
public:
    BitsMap(double lowest, double highest, int bits) : lowest_(sortable_bits(lowest)) {
        const int width = static_cast<int>(std::bit_width(sortable_bits(highest) - lowest_));
        right_ = std::max(0, width - bits);
        left_ = std::max(0, bits - width);
    }

    /// Whether different values have different keys.
    bool tells_apart() const { return right_ == 0; }

    std::uint64_t operator()(double value) const {
        return ((sortable_bits(value) - lowest_) >> right_) << left_;
    }

private:
    std::uint64_t lowest_;
    int right_;
    int left_;
};

/// Writes the items of values [begin, end), each with its name; `items` may be the values' own
/// memory. Takes copies of the map and of what names, which items that are written cannot change.
template <class Map, class Name>
void map_stretch(const double* values, std::size_t begin, std::size_t end, Map map, int name_bits,
                 Name name, std::uint64_t* items) {
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint64_t item = item_marker | map(values[i]) << name_bits | name(i);
        std::memcpy(items + i, &item, sizeof item);
    }
}

}  // namespace fastshesha
