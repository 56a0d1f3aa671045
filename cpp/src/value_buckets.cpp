#include "value_buckets.hpp"

#include <algorithm>
#include <bit>

#include "cache_line.hpp"
#include "interrupt.hpp"
#include "parallel.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

// What a bucket of evenly spread values holds; normally distributed ones fill some four times that.
constexpr std::size_t wanted_bucket = 256;
constexpr int fewest_bits = 3;
// Buckets are found for so many values at a time, in vectors.
constexpr std::size_t block = 256;

/// Calls use(i, bucket) for n values.
template <class Map, class Use>
void for_each_bucket(const double* values, std::size_t n, const Map& map, const Use& use) {
    in_stretches(n, [&](std::size_t first, std::size_t last) {
        std::uint64_t buckets[block];
        for (std::size_t begin = first; begin < last; begin += block) {
            const std::size_t size = std::min(block, last - begin);
            for (std::size_t k = 0; k < size; ++k) {
                buckets[k] = map(values[begin + k]);
            }
            for (std::size_t k = 0; k < size; ++k) {
                use(begin + k, buckets[k]);
            }
        }
    });
}

}  // namespace

void ValueBuckets::deal(const TaggedValues& from, double lowest, double highest, Spread spread,
                        int n_threads) {
    const int wanted = static_cast<int>(std::bit_width(from.n / wanted_bucket));
    const int bits = std::clamp(wanted, fewest_bits, most_bits);
    cells_.start(n_parts_for(n_threads), std::size_t{1} << bits);
    const ValueMap by_value(lowest, highest, bits);
    if (spread == Spread::by_value && by_value.usable()) {
        deal_by(from, by_value, n_threads);
    } else {
        deal_by(from, BitsMap(lowest, highest, bits), n_threads);
    }
}

std::size_t ValueBuckets::fullest(std::size_t first, std::size_t last) const {
    std::size_t found = last;
    std::size_t most = 0;
    for (std::size_t bucket = first; bucket < last; ++bucket) {
        if ((*this)[bucket].n > most) {
            most = (*this)[bucket].n;
            found = bucket;
        }
    }
    return found;
}

template <class Map>
void ValueBuckets::deal_by(const TaggedValues& from, const Map& map, int n_threads) {
    values_.resize(std::max(values_.size(), from.n));
    tags_.resize(std::max(tags_.size(), from.n));
    share_parts(from.n, n_threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        std::uint32_t* const counts = cells_.of_part(part);
        for_each_bucket(from.values + begin, end - begin, map,
                        [=](std::size_t, std::size_t bucket) { ++counts[bucket]; });
    });
    cells_.find_begins();
    // Beginnings become ends.
    share_parts(from.n, n_threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        double* const values = values_.data();
        std::uint32_t* const tags = tags_.data();
        std::uint32_t* const ends = cells_.of_part(part);
        for_each_bucket(from.values + begin, end - begin, map,
                        [=](std::size_t i, std::size_t bucket) {
                            const std::size_t to = ends[bucket]++;
                            values[to] = from.values[begin + i];
                            tags[to] = from.tag(begin + i);
                            fetch_next_line(values + to);
                            fetch_next_line(tags + to);
                        });
    });
}

}  // namespace fastshesha
