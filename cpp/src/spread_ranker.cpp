#include "spread_ranker.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "average_ties.hpp"
#include "fastshesha/error.hpp"
#include "item_sort.hpp"
#include "kernels/dispatch.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

// In multiples of the range. A sample of a million values without ties hardly ever has a pair as
// close as this.
constexpr double closest = 0x1p-40;
constexpr std::size_t fetch_distance = 24;

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

RankOutcome SpreadRanker::rank(const TaggedValues& values, RankSink& sink) {
    start(values, sink, nullptr);
    items_.resize(std::max(values.n, items_.size()));
    sort_and_emit(items_.data());
    return outcome_;
}

RankOutcome SpreadRanker::rank(double* values, std::size_t n, RankSink& sink,
                               const Approximation& approximation, const std::uint32_t* tags) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    start({values, tags, n}, sink, &approximation);
    if (n > 0) {
        sort_and_emit(reinterpret_cast<std::uint64_t*>(values));
    }
    return outcome_;
}

void SpreadRanker::start(const TaggedValues& values, RankSink& sink,
                         const Approximation* approximation) {
    require(values.n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    values_ = values;
    runs_.start(sink);
    approximation_ = approximation;
    names_ = values.tags == nullptr     ? Names::positions
             : approximation == nullptr ? Names::positions_of_tags
                                        : Names::half_tags;
    n_resolved_ = 0;
    outcome_ = RankOutcome();
    scratch_.resize(std::max(values.n, scratch_.size()));
}

void SpreadRanker::sort_and_emit(std::uint64_t* storage) {
    const std::size_t n = values_.n;
    const int name_bits = bits_of_names(n);
    const ValueMap map = map_of(value_range(values_.values, n), name_bits);
    if (!map.usable()) {
        outcome_.complete = false;
        return;
    }
    const double error = approximation_ == nullptr ? 0.0 : approximation_->largest_error();
    const std::uint64_t window = error > 0.0 ? map.key_distance(2.0 * error) : 0;
    if (names_ == Names::half_tags) {
        const std::uint32_t* const given = values_.tags;
        const auto half_tag = [given](std::size_t i) { return given[i] / 2; };
        map_values(values_.values, n, map, name_bits, half_tag, storage);
        // Unlike positions they do not rise where keys are equal.
        sort_items(storage, scratch_.data(), n, 0);
    } else {
        map_values(values_.values, n, map, name_bits, [](std::size_t i) { return i; }, storage);
        sort_items(storage, scratch_.data(), n, name_bits);
    }
    emit({storage, n, name_bits, window});
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
        runs_.accept_separate(tags.data(), doubled_rank(begin), size);
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
    // First and last rank add up to twice their mean.
    std::fill(doubled_ranks_.begin(), doubled_ranks_.end(),
              static_cast<std::uint32_t>(2 * begin + n + 1));
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
    outcome_.tie_sum += average_ties(group_.data(), n, begin, doubled_ranks_.data());
    runs_.accept(tags_.data(), doubled_ranks_.data(), n);
}

}  // namespace fastshesha
