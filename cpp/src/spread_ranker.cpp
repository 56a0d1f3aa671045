#include "spread_ranker.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "average_ties.hpp"
#include "fastshesha/error.hpp"
#include "item_sort.hpp"
#include "kernels/dispatch.hpp"

namespace fastshesha {
namespace {

// In multiples of the range. A sample of a million values without ties hardly ever has a pair as
// close as this.
constexpr double closest = 0x1p-40;
constexpr std::size_t fetch_distance = 24;
constexpr std::size_t most_approximations_together = std::size_t{1} << 25;

/// Bits for names up to `largest`.
int bits_of_names(std::size_t largest) {
    return std::max(1, static_cast<int>(std::bit_width(largest)));
}

ValueMap map_of(const ValueRange& range, int name_bits) {
    return {range.lowest, range.highest, std::min(item_bits - name_bits, ValueMap::most_bits)};
}

}  // namespace

bool SpreadRanker::serves(std::span<const double> sample, const ValueRange& range, std::size_t n) {
    const double gap = closest * (range.highest - range.lowest);
    const auto is_close = [gap](double a, double b) { return !(b - a > gap); };
    return std::adjacent_find(sample.begin(), sample.end(), is_close) == sample.end() &&
           map_of(range, bits_of_names(n)).usable();
}

RankOutcome SpreadRanker::rank(const TaggedValues& values, const ValueRange& range,
                               RankSink& sink) {
    start(values.n, sink, nullptr);
    buckets_ = ValueBuckets();
    names_ = values.tags == nullptr ? Names::positions : Names::positions_of_tags;
    items_.resize(std::max(values.n, items_.size()));
    sort_and_emit(values, range, items_.data());
    return outcome_;
}

RankOutcome SpreadRanker::rank(double* values, std::size_t n, RankSink& sink,
                               const Approximation& approximation, const std::uint32_t* tags) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    start(n, sink, &approximation);
    auto* const storage = reinterpret_cast<std::uint64_t*>(values);
    if (n > most_approximations_together) {
        names_ = Names::positions_of_tags;
        rank_dealt({values, tags, n}, storage);
    } else if (n > 0) {
        names_ = tags == nullptr ? Names::positions : Names::half_tags;
        sort_and_emit({values, tags, n}, approximation.values().range, storage);
    }
    return outcome_;
}

void SpreadRanker::start(std::size_t n, RankSink& sink, const Approximation* approximation) {
    require(n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    runs_.start(sink);
    approximation_ = approximation;
    n_before_ = 0;
    n_resolved_ = 0;
    outcome_ = RankOutcome();
}

/// Ranks approximations bucket by bucket. `storage`, which may be that of the values, holds as
/// many items.
void SpreadRanker::rank_dealt(const TaggedValues& values, std::uint64_t* storage) {
    const ValueRange& whole = approximation_->values().range;
    if (!map_of(whole, 1).usable()) {
        outcome_.complete = false;
        return;
    }
    buckets_.deal(values, whole.lowest, whole.highest, Spread::by_value);
    scratch_.resize(std::max(buckets_.largest(), scratch_.size()));
    const double width = (whole.highest - whole.lowest) / static_cast<double>(buckets_.size());
    double highest = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < buckets_.size() && outcome_.complete; ++k) {
        const TaggedValues bucket = buckets_[k];
        if (bucket.n == 0) {
            continue;
        }
        n_before_ = buckets_.begin(k);
        const ValueRange range = value_range(bucket.values, bucket.n);
        if (!(range.lowest - highest > 2.0 * approximation_->largest_error())) {
            // Too close to the bucket before to tell, which hardly happens.
            outcome_.complete = false;
            return;
        }
        highest = range.highest;
        // A few values, or one, may span nothing.
        sort_and_emit(bucket, {range.lowest, std::max(highest, range.lowest + width)}, storage);
    }
}

std::uint64_t SpreadRanker::key_window(const ValueMap& map) const {
    const double error = approximation_ == nullptr ? 0.0 : approximation_->largest_error();
    return error > 0.0 ? map.key_distance(2.0 * error) : 0;
}

void SpreadRanker::sort_and_emit(const TaggedValues& values, const ValueRange& range,
                                 std::uint64_t* storage) {
    const int name_bits = bits_of_names(values.n);
    const ValueMap map = map_of(range, name_bits);
    if (!map.usable()) {
        outcome_.complete = false;
        return;
    }
    values_ = values;
    scratch_.resize(std::max(values.n, scratch_.size()));
    if (names_ == Names::half_tags) {
        const std::uint32_t* const given = values.tags;
        const auto half_tag = [given](std::size_t i) { return given[i] / 2; };
        map_values(values.values, values.n, map, name_bits, half_tag, storage);
        // Unlike positions they do not rise where keys are equal.
        sort_items(storage, scratch_.data(), values.n, 0);
    } else {
        const auto position = [](std::size_t i) { return i; };
        map_values(values.values, values.n, map, name_bits, position, storage);
        sort_items(storage, scratch_.data(), values.n, name_bits);
    }
    emit({storage, values.n, name_bits, key_window(map)});
}

void SpreadRanker::emit(const Items& items) {
    std::size_t begin = 0;
    while (begin < items.n && outcome_.complete) {
        const std::size_t clear = active_kernels().count_clear(items.data + begin, items.n - begin,
                                                               items.name_bits, items.key_window);
        emit_separate(items, begin, begin + clear);
        begin += clear;
        std::size_t end = begin + 1;
        while (end < items.n && items.close(end - 1, end)) {
            ++end;
        }
        if (end - begin == 1) {
            emit_separate(items, begin, end);
        } else {
            emit_group(items, begin, end);
        }
        begin = end;
    }
    runs_.flush();
}

/// Puts tags in the place of names.
void SpreadRanker::name_tags(std::uint32_t* names, std::size_t n) const {
    if (names_ == Names::half_tags) {
        for (std::size_t k = 0; k < n; ++k) {
            names[k] *= 2;
        }
    } else if (names_ == Names::positions_of_tags) {
        for (std::size_t k = 0; k < n; ++k) {
            __builtin_prefetch(values_.tags + names[std::min(k + fetch_distance, n - 1)]);
            names[k] = values_.tags[names[k]];
        }
    }
}

/// Hands out items [begin, end), each of which has a rank of its own.
void SpreadRanker::emit_separate(const Items& items, std::size_t begin, std::size_t end) {
    std::array<std::uint32_t, 1024> tags;
    while (begin < end) {
        const std::size_t size = std::min(tags.size(), end - begin);
        for (std::size_t k = 0; k < size; ++k) {
            tags[k] = items.name(begin + k);
        }
        name_tags(tags.data(), size);
        runs_.accept_separate(tags.data(), doubled_rank(n_before_ + begin), size);
        begin += size;
    }
}

/// Hands out items [begin, end) if their exact values are known to be equal.
bool SpreadRanker::emit_known_tie(const Items& items, std::size_t begin, std::size_t end) {
    const std::uint32_t ends[] = {tag_of(items.name(begin)), tag_of(items.name(end - 1))};
    if (!approximation_->are_equal(ends, 2)) {
        return false;
    }
    const std::size_t n = end - begin;
    tags_.resize(n);
    doubled_ranks_.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
        tags_[k] = tag_of(items.name(begin + k));
    }
    if (n > 2 && !approximation_->are_equal(tags_.data(), n)) {
        return false;
    }
    std::fill(doubled_ranks_.begin(), doubled_ranks_.end(), doubled_rank(n_before_ + begin, n));
    outcome_.add_tie(n);
    runs_.accept(tags_.data(), doubled_ranks_.data(), n);
    return true;
}

/// Items [begin, end) have keys too close to tell.
void SpreadRanker::emit_group(const Items& items, std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (approximation_ != nullptr && emit_known_tie(items, begin, end)) {
        return;
    }
    n_resolved_ += n;
    if (approximation_ != nullptr && n_resolved_ > approximation_->budget()) {
        outcome_.complete = false;
        return;
    }
    resolved_.clear();
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t name = items.name(i);
        const double value =
            approximation_ == nullptr ? values_.values[name] : approximation_->exact(tag_of(name));
        resolved_.emplace_back(value, name);
    }
    std::sort(resolved_.begin(), resolved_.end());
    group_.resize(n);
    tags_.resize(n);
    doubled_ranks_.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
        group_[k] = resolved_[k].first;
        tags_[k] = tag_of(resolved_[k].second);
    }
    outcome_.tie_sum += average_ties(group_.data(), n, n_before_ + begin, doubled_ranks_.data());
    runs_.accept(tags_.data(), doubled_ranks_.data(), n);
}

}  // namespace fastshesha
