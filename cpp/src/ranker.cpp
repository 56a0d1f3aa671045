#include "ranker.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "interrupt.hpp"
#include "item_sort.hpp"
#include "kernels/dispatch.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

// A larger group of different values with one key is ranked again rather than compared.
constexpr std::size_t largest_compared_group = 256;
// Two values a factor 2 apart are separated after two rounds; only constructed data gets here.
constexpr int deepest = 8;
constexpr std::size_t smallest_block = 32;
constexpr std::size_t fetch_distance = 24;
// Longer stretches without ties go to the sink as they lie.
constexpr std::size_t smallest_stretch = 64;
constexpr std::size_t largest_block = 512;

}  // namespace

RankOutcome Ranker::rank(const double* values, std::size_t n, RankSink& sink) {
    items_.resize(std::max(n, items_.size()));
    return start({values, nullptr, n, 0, 0}, items_.data(), sink, nullptr);
}

RankOutcome Ranker::rank(double* values, std::size_t n, RankSink& sink,
                         const Approximation& approximation) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    return start({values, nullptr, n, 0, 0}, reinterpret_cast<std::uint64_t*>(values), sink,
                 &approximation);
}

RankOutcome Ranker::start(const Subset& subset, std::uint64_t* storage, RankSink& sink,
                          const Approximation* approximation) {
    require(subset.n < std::numeric_limits<std::int32_t>::max(), "more than 2^31 values to rank");
    sink_ = &sink;
    approximation_ = approximation;
    n_resolved_ = 0;
    outcome_ = RankOutcome();
    scratch_.resize(std::max(subset.n, scratch_.size()));
    if (subset.n > 0) {
        rank_subset(subset, storage);
        flush();
    }
    return outcome_;
}

void Ranker::rank_subset(const Subset& subset, std::uint64_t* storage) {
    const ValueRange range = value_range(subset.values, subset.n);
    if (range.lowest == range.highest && approximation_ == nullptr) {
        emit_tie(subset, subset.n_before, subset.n);
        return;
    }
    const Items items = make_items(subset, range.lowest, range.highest, storage);
    sort_items(items.data, scratch_.data(), subset.n, items.position_bits);
    emit(subset, items);
}

Ranker::Items Ranker::make_items(const Subset& subset, double lowest, double highest,
                                 std::uint64_t* storage) {
    const int position_bits = std::max(1, static_cast<int>(std::bit_width(subset.n - 1)));
    const int key_bits = std::min(item_bits - position_bits, ValueMap::most_bits);
    Items items{storage, position_bits, 0};
    const ValueMap by_value(lowest, highest, key_bits);
    if (subset.depth % 2 == 0 && by_value.usable()) {
        map_values(subset.values, subset.n, by_value, position_bits, items.data);
        if (approximation_ != nullptr) {
            items.key_window = by_value.key_distance(2.0 * approximation_->largest_error());
        }
        return items;
    }
    // Bits say nothing of how far apart two values are.
    outcome_.complete = approximation_ == nullptr;
    map_values(subset.values, subset.n, BitsMap(lowest, highest, key_bits), position_bits,
               items.data);
    return items;
}

void Ranker::emit(const Subset& subset, const Items& items) {
    const Kernels& kernels = active_kernels();
    std::size_t begin = 0;
    std::size_t block = smallest_block;
    std::size_t end_of_spread = 0;
    while (begin < subset.n && outcome_.complete) {
        const std::size_t n_clear = kernels.count_clear(items.data + begin, subset.n - begin,
                                                        items.position_bits, items.key_window);
        emit_separate(subset, items, begin, begin + n_clear);
        begin += n_clear;
        // Where ties are many, larger blocks pay.
        block = n_clear < block ? std::min(2 * block, largest_block) : smallest_block;
        if (begin >= end_of_spread) {
            const std::size_t n_crowded = emit_crowded(subset, items, begin, block);
            begin += n_crowded;
            if (n_crowded > 0) {
                continue;
            }
            // Too spread for one block: its groups follow one by one.
            end_of_spread = begin + block;
        }
        std::size_t end = begin + 1;
        while (end < subset.n && items.close(end - 1, end)) {
            ++end;
        }
        if (end - begin == 1) {
            emit_separate(subset, items, begin, end);
        } else {
            emit_group(subset, items, begin, end);
        }
        begin = end;
    }
}

/// Hands out up to `most` items, whole groups of equal keys, and returns how many: 0 where that
/// needs a closer look.
std::size_t Ranker::emit_crowded(const Subset& subset, const Items& items, std::size_t begin,
                                 std::size_t most) {
    const std::size_t limit = std::min(begin + most, subset.n);
    if (approximation_ != nullptr || begin == limit) {
        return 0;
    }
    std::size_t group = begin;
    std::size_t largest = 0;
    for (std::size_t i = begin + 1; i < limit; ++i) {
        group = items.close(i - 1, i) ? group : i;
        largest = std::max(largest, i + 1 - group);
    }
    const bool last_is_whole = limit == subset.n || !items.close(limit - 1, limit);
    const std::size_t end = last_is_whole ? limit : group;
    if (end == begin) {
        return most < CrowdedBlock::capacity
                   ? emit_crowded(subset, items, begin, CrowdedBlock::capacity)
                   : 0;
    }
    crowded_.clear();
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t position = items.position(i);
        __builtin_prefetch(subset.values + items.position(std::min(i + fetch_distance, limit - 1)));
        crowded_.add(subset.values[position], subset.index_at(position));
    }
    if (!crowded_.sort(largest)) {
        return 0;
    }
    flush();
    outcome_.tie_sum +=
        crowded_.rank(subset.n_before + begin, batch_.indices, batch_.doubled_ranks);
    batch_.n = end - begin;
    return end - begin;
}

/// Hands out items [begin, end), whose doubled ranks rise from `doubled_rank` in steps of `step`.
void Ranker::emit_run(const Subset& subset, const Items& items, std::size_t begin, std::size_t end,
                      std::size_t doubled_rank, std::size_t step) {
    while (begin < end) {
        if (batch_.n == Batch::capacity) {
            flush();
        }
        const std::size_t n = std::min(end - begin, Batch::capacity - batch_.n);
        std::uint32_t* indices = batch_.indices + batch_.n;
        std::uint32_t* ranks = batch_.doubled_ranks + batch_.n;
        for (std::size_t k = 0; k < n; ++k) {
            indices[k] = static_cast<std::uint32_t>(items.position(begin + k));
            ranks[k] = static_cast<std::uint32_t>(doubled_rank + step * k);
        }
        for (std::size_t k = 0; subset.indices != nullptr && k < n; ++k) {
            indices[k] = subset.indices[indices[k]];
        }
        batch_.n += n;
        begin += n;
        doubled_rank += step * n;
    }
}

/// Hands out items [begin, end), each of which has a rank of its own.
void Ranker::emit_separate(const Subset& subset, const Items& items, std::size_t begin,
                           std::size_t end) {
    const std::size_t doubled_rank = 2 * (subset.n_before + begin + 1);
    if (subset.indices != nullptr || end - begin < smallest_stretch) {
        emit_run(subset, items, begin, end, doubled_rank, 2);
        return;
    }
    flush();
    in_stretches(end - begin, [&](std::size_t first, std::size_t last) {
        sink_->accept_separate(items.data + begin + first, items.position_mask(),
                               static_cast<std::uint32_t>(doubled_rank + 2 * first), last - first);
    });
}

bool Ranker::all_equal(const Subset& subset, const Items& items, std::size_t begin,
                       std::size_t end) const {
    const double first = subset.values[items.position(begin)];
    bool equal = true;
    for (std::size_t i = begin + 1; i < end; ++i) {
        equal &= subset.values[items.position(i)] == first;
    }
    return equal;
}

/// Items [begin, end) have keys too close to tell; their values decide.
void Ranker::emit_group(const Subset& subset, const Items& items, std::size_t begin,
                        std::size_t end) {
    if (approximation_ == nullptr && all_equal(subset, items, begin, end)) {
        // First and last rank of a tie group add up to twice their mean.
        emit_run(subset, items, begin, end, 2 * subset.n_before + begin + end + 1, 0);
        outcome_.add_tie(end - begin);
        return;
    }
    n_resolved_ += end - begin;
    if (approximation_ != nullptr && n_resolved_ > approximation_->budget()) {
        outcome_.complete = false;
        return;
    }
    resolve(subset, items, begin, end);
    const std::size_t n_before = subset.n_before + begin;
    const bool by_comparison = approximation_ != nullptr || subset.depth >= deepest ||
                               end - begin <= largest_compared_group;
    if (!by_comparison) {
        rank_again(subset, n_before);
        return;
    }
    std::sort(resolved_.begin(), resolved_.end());
    emit_resolved(subset, n_before);
}

void Ranker::resolve(const Subset& subset, const Items& items, std::size_t begin, std::size_t end) {
    resolved_.clear();
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t position = items.position(i);
        const double value = approximation_ == nullptr
                                 ? subset.values[position]
                                 : approximation_->exact(subset.index_at(position));
        resolved_.emplace_back(value, position);
    }
}

/// Hands out the sorted group in resolved_, which starts at rank n_before + 1.
void Ranker::emit_resolved(const Subset& subset, std::size_t n_before) {
    for (std::size_t first = 0, next = 0; first < resolved_.size(); first = next) {
        while (next < resolved_.size() && resolved_[next].first == resolved_[first].first) {
            ++next;
        }
        const std::size_t doubled = 2 * n_before + first + next + 1;
        for (std::size_t i = first; i < next; ++i) {
            push(subset.index_at(resolved_[i].second), doubled);
        }
        outcome_.add_tie(next - first);
    }
}

void Ranker::emit_tie(const Subset& subset, std::size_t n_before, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        push(subset.index_at(i), 2 * n_before + n + 1);
    }
    outcome_.add_tie(n);
}

void Ranker::rank_again(const Subset& subset, std::size_t n_before) {
    const std::size_t n = resolved_.size();
    WorkBuffer<double> values(n);
    WorkBuffer<std::uint32_t> indices(n);
    for (std::size_t i = 0; i < n; ++i) {
        values[i] = resolved_[i].first;
        indices[i] = subset.index_at(resolved_[i].second);
    }
    WorkBuffer<std::uint64_t> items(n);
    rank_subset({values.data(), indices.data(), n, n_before, subset.depth + 1}, items.data());
}

void Ranker::push(std::uint32_t index, std::size_t doubled_rank) {
    if (batch_.n == Batch::capacity) {
        flush();
    }
    batch_.indices[batch_.n] = index;
    batch_.doubled_ranks[batch_.n] = static_cast<std::uint32_t>(doubled_rank);
    ++batch_.n;
}

void Ranker::flush() {
    check_interrupt_of_thread();
    sink_->accept(batch_.indices, batch_.doubled_ranks, batch_.n);
    batch_.n = 0;
}

}  // namespace fastshesha
