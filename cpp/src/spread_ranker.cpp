#include "spread_ranker.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "interrupt.hpp"
#include "item_sort.hpp"
#include "parallel.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

// In multiples of the range. A sample of a million values without ties hardly ever has a pair as
// close as this.
constexpr double closest = 0x1p-40;
constexpr std::size_t most_approximations_together = std::size_t{1} << 25;

/// Bits for names up to `largest`.
int bits_of_names(std::size_t largest) {
    return std::max(1, static_cast<int>(std::bit_width(largest)));
}

ValueMap map_of(const ValueRange& range, int name_bits) {
    return {range.lowest, range.highest, std::min(item_bits - name_bits, ValueMap::most_bits)};
}

/// Writes the items of values in rising order, where the values may lie themselves.
void sort_values(const TaggedValues& values, Names names, const ValueMap& map, int name_bits,
                 std::uint64_t* items, std::uint64_t* scratch, int n_threads) {
    const auto sort_named = [&](const auto& name, int lowest_bit) {
        const auto write = [&](std::size_t first, std::size_t last) {
            in_stretches(last - first, [&](std::size_t begin, std::size_t end) {
                map_stretch(values.values, first + begin, first + end, map, name_bits, name, items);
            });
        };
        write_and_sort_items(write, items, scratch, values.n, lowest_bit, n_threads);
    };
    if (names == Names::half_tags) {
        // Unlike positions they do not rise where keys are equal.
        const std::uint32_t* const given = values.tags;
        sort_named([given](std::size_t i) { return given[i] / 2; }, 0);
    } else {
        sort_named([](std::size_t i) { return i; }, name_bits);
    }
}

RankOutcome emit_on(int n_threads, const SortedItems& items, const ItemValues& of, RankSink& sink) {
    std::vector<RankOutcome> outcomes(n_parts_for(n_threads));
    share_parts(items.n, n_threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        outcomes[part] =
            ItemEmission(items, of, sink).emit(items.clear_place(begin), items.clear_place(end));
    });
    return all_of(outcomes);
}

/// Whether every value of a bucket is clearly above all of those before.
bool are_apart(const std::vector<ValueRange>& ranges, double distance) {
    double highest = -std::numeric_limits<double>::infinity();
    for (const ValueRange& range : ranges) {
        if (!(range.lowest - highest > distance)) {
            return false;
        }
        highest = std::max(highest, range.highest);
    }
    return true;
}

}  // namespace

bool SpreadRanker::serves(std::span<const double> sample, const ValueRange& range, std::size_t n) {
    const double gap = closest * (range.highest - range.lowest);
    const auto is_close = [gap](double a, double b) { return !(b - a > gap); };
    return std::adjacent_find(sample.begin(), sample.end(), is_close) == sample.end() &&
           map_of(range, bits_of_names(n)).usable();
}

RankOutcome SpreadRanker::rank(const TaggedValues& values, const ValueRange& range, RankSink& sink,
                               int n_threads) {
    require(values.n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    buckets_ = ValueBuckets();
    items_.resize(std::max(values.n, items_.size()));
    scratch_.resize(std::max(values.n, scratch_.size()));
    const Names names = values.tags == nullptr ? Names::positions : Names::positions_of_tags;
    return rank_together({sink, names, nullptr, 0.0, n_threads}, {values, 0, range},
                         {items_.data(), scratch_.data()});
}

RankOutcome SpreadRanker::rank(double* values, std::size_t n, RankSink& sink,
                               const Approximation& approximation, const std::uint32_t* tags,
                               int n_threads) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    require(n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    if (n == 0) {
        return {};
    }
    ExactValues exact(approximation);
    auto* const storage = reinterpret_cast<std::uint64_t*>(values);
    const ValueRange& range = approximation.values().range;
    Call call{sink, Names::positions_of_tags, &exact, approximation.largest_error(), n_threads};
    if (n > most_approximations_together) {
        return rank_dealt(call, {values, tags, n}, range, storage);
    }
    call.names = tags == nullptr ? Names::positions : Names::half_tags;
    scratch_.resize(std::max(n, scratch_.size()));
    return rank_together(call, {{values, tags, n}, 0, range}, {storage, scratch_.data()});
}

/// Ranks approximations bucket by bucket. `storage`, which may be that of the values, holds as
/// many items.
RankOutcome SpreadRanker::rank_dealt(const Call& call, const TaggedValues& values,
                                     const ValueRange& whole, std::uint64_t* storage) {
    if (!map_of(whole, 1).usable()) {
        return {0, false};
    }
    buckets_.deal(values, whole.lowest, whole.highest, Spread::by_value, call.n_threads);
    const double width = (whole.highest - whole.lowest) / static_cast<double>(buckets_.size());
    const std::size_t crowded = call.n_threads > 1 ? buckets_.crowded() : buckets_.size();
    const std::vector<Part> parts = cut_buckets(values.n, call.n_threads);
    std::vector<ValueRange> ranges(buckets_.size());
    std::vector<RankOutcome> outcomes(parts.size() + 1);
    if (crowded < buckets_.size()) {
        const Space space{storage + buckets_.begin(crowded), scratch_.data()};
        outcomes.back() = rank_bucket(call, crowded, width, space, ranges[crowded]);
    }
    const Call alone{call.sink, call.names, call.exact, call.largest_error, 1};
    share_tasks(parts.size(), call.n_threads, [&](std::size_t p, std::size_t) {
        const auto [first, last, scratch] = parts[p];
        // In the cache: every bucket of the part in the place of the one before.
        const Space space{storage + buckets_.begin(first), scratch_.data() + scratch};
        for (std::size_t k = first; k < last && outcomes[p].complete; ++k) {
            if (k != crowded && buckets_[k].n > 0) {
                outcomes[p].take_in(rank_bucket(alone, k, width, space, ranges[k]));
            }
        }
    });
    RankOutcome outcome = all_of(outcomes);
    outcome.complete = outcome.complete && are_apart(ranges, 2.0 * call.largest_error);
    return outcome;
}

/// Parts of about as many of n values, with scratch space for the fullest bucket of each.
std::vector<SpreadRanker::Part> SpreadRanker::cut_buckets(std::size_t n, int n_threads) {
    std::vector<Part> parts(n_parts_for(n_threads));
    std::size_t room = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const std::size_t first = buckets_.first_beyond(begin_of_part(n, p, n_threads));
        const std::size_t last = buckets_.first_beyond(begin_of_part(n, p + 1, n_threads));
        parts[p] = {first, last, room};
        const std::size_t fullest = buckets_.fullest(first, last);
        room += fullest == last ? 0 : buckets_[fullest].n;
    }
    scratch_.resize(std::max(room, scratch_.size()));
    return parts;
}

RankOutcome SpreadRanker::rank_bucket(const Call& call, std::size_t k, double least_width,
                                      const Space& space, ValueRange& found) const {
    const TaggedValues bucket = buckets_[k];
    found = value_range(bucket.values, bucket.n, call.n_threads);
    // A few values, or one, may span nothing.
    const ValueRange range{found.lowest, std::max(found.highest, found.lowest + least_width)};
    return rank_together(call, {bucket, buckets_.begin(k), range}, space);
}

RankOutcome SpreadRanker::rank_together(const Call& call, const Bucket& bucket,
                                        const Space& space) {
    const TaggedValues& values = bucket.values;
    const int name_bits = bits_of_names(values.n);
    const ValueMap map = map_of(bucket.range, name_bits);
    if (!map.usable()) {
        return {0, false};
    }
    sort_values(values, call.names, map, name_bits, space.items, space.scratch, call.n_threads);
    const double error = call.largest_error;
    const SortedItems items{space.items, values.n, name_bits,
                            error > 0.0 ? map.key_distance(2.0 * error) : 0};
    return emit_on(call.n_threads, items, {values, call.names, bucket.n_before, call.exact},
                   call.sink);
}

}  // namespace fastshesha
