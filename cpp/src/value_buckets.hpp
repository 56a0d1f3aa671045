#pragma once

#include <cstddef>
#include <cstdint>

#include "parted_cells.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Values and the tag of each: its place in the list where `tags` is null.
struct TaggedValues {
    const double* values;
    const std::uint32_t* tags;
    std::size_t n;

    std::uint32_t tag(std::size_t i) const {
        return tags == nullptr ? static_cast<std::uint32_t>(i) : tags[i];
    }
};

/// How the range of values is cut into buckets: evenly, or evenly in the bits of the values, which
/// is close to evenly in their logarithm and serves every range.
enum class Spread { by_value, by_bits };

/// Deals values into buckets that follow each other in value; equal ones share a bucket. Memory,
/// 12 bytes a value, is kept between calls.
class ValueBuckets {
public:
    /// `lowest` < `highest` are the extremes of the values, none of which is NaN.
    void deal(const TaggedValues& from, double lowest, double highest, Spread spread,
              int n_threads = 1);

    std::size_t size() const { return cells_.n_cells(); }
    /// The fullest of the buckets [first, last); last where all are empty.
    std::size_t fullest(std::size_t first, std::size_t last) const;
    /// The bucket that holds more than half of the values; size() where there is none.
    std::size_t crowded() const { return cells_.crowded(); }
    /// The first bucket that ends after a place.
    std::size_t first_beyond(std::size_t place) const { return cells_.first_beyond(place); }
    /// Place of the first value of a bucket among all.
    std::size_t begin(std::size_t bucket) const { return cells_.begin(bucket); }
    TaggedValues operator[](std::size_t bucket) const {
        const std::size_t first = begin(bucket);
        return {values_.data() + first, tags_.data() + first, cells_.size(bucket)};
    }

private:
    static constexpr int most_bits = 10;

    template <class Map>
    void deal_by(const TaggedValues& from, const Map& map, int n_threads);

    PartedCells<std::size_t{1} << most_bits> cells_;
    WorkBuffer<double> values_;
    WorkBuffer<std::uint32_t> tags_;
};

}  // namespace fastshesha
