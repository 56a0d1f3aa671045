#include "value_buckets.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "cache_line.hpp"
#include "interrupt.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

// What a bucket of evenly spread values holds; normally distributed ones fill some four times that.
constexpr std::size_t wanted_bucket = 256;
constexpr int fewest_bits = 3;
// Buckets are found for so many values at a time, in vectors.
constexpr std::size_t block = 256;

/// Calls use(i, bucket) for the values of a list.
template <class Map, class Use>
void for_each_bucket(const TaggedValues& from, const Map& map, const Use& use) {
    in_stretches(from.n, [&](std::size_t first, std::size_t last) {
        std::uint64_t buckets[block];
        for (std::size_t begin = first; begin < last; begin += block) {
            const std::size_t size = std::min(block, last - begin);
            for (std::size_t k = 0; k < size; ++k) {
                buckets[k] = map(from.values[begin + k]);
            }
            for (std::size_t k = 0; k < size; ++k) {
                use(begin + k, buckets[k]);
            }
        }
    });
}

}  // namespace

void ValueBuckets::deal(const TaggedValues& from, double lowest, double highest, Spread spread) {
    const int wanted = static_cast<int>(std::bit_width(from.n / wanted_bucket));
    const int bits = std::clamp(wanted, fewest_bits, most_bits);
    n_buckets_ = std::size_t{1} << bits;
    const ValueMap by_value(lowest, highest, bits);
    if (spread == Spread::by_value && by_value.usable()) {
        deal_by(from, by_value);
    } else {
        deal_by(from, BitsMap(lowest, highest, bits));
    }
}

std::size_t ValueBuckets::largest() const {
    std::size_t most = 0;
    for (std::size_t bucket = 0; bucket < n_buckets_; ++bucket) {
        most = std::max(most, ends_[bucket] - begin(bucket));
    }
    return most;
}

template <class Map>
void ValueBuckets::deal_by(const TaggedValues& from, const Map& map) {
    values_.resize(std::max(values_.size(), from.n));
    tags_.resize(std::max(tags_.size(), from.n));
    std::fill_n(ends_.data(), n_buckets_, 0u);
    for_each_bucket(from, map, [this](std::size_t, std::size_t bucket) { ++ends_[bucket]; });
    std::uint32_t before = 0;
    for (std::size_t bucket = 0; bucket < n_buckets_; ++bucket) {
        before += std::exchange(ends_[bucket], before);
    }
    // Beginnings become ends.
    double* const values = values_.data();
    std::uint32_t* const tags = tags_.data();
    std::uint32_t* const ends = ends_.data();
    for_each_bucket(from, map, [=](std::size_t i, std::size_t bucket) {
        const std::size_t to = ends[bucket]++;
        values[to] = from.values[i];
        tags[to] = from.tag(i);
        fetch_next_line(values + to);
        fetch_next_line(tags + to);
    });
}

}  // namespace fastshesha
