#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "value_buckets.hpp"

namespace fastshesha {

/// A few values in rising order, sorted within the cache, where no branch depends on them.
class SortedLeaf {
public:
    static constexpr std::size_t capacity = 4096;

    /// Sorts 1 to `capacity` values.
    void sort(const TaggedValues& from);

    std::size_t size() const { return n_; }
    const double* values() const { return values_.data(); }
    const std::uint32_t* tags() const { return tags_.data(); }

private:
    static constexpr int index_bits = 12;
    static_assert(capacity == std::size_t{1} << index_bits);

    template <class Map>
    void sort_by(const TaggedValues& from, const Map& map);
    void sort_equal_keys();
    void sort_stretch(std::size_t begin, std::size_t end);

    std::size_t n_ = 0;
    std::vector<double> values_ = std::vector<double>(capacity);
    std::vector<std::uint32_t> tags_ = std::vector<std::uint32_t>(capacity);
    std::vector<std::uint64_t> items_ = std::vector<std::uint64_t>(capacity);
    std::vector<std::uint64_t> scratch_ = std::vector<std::uint64_t>(capacity);
};

}  // namespace fastshesha
