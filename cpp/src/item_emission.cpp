#include "item_emission.hpp"

#include <algorithm>
#include <array>

#include "average_ties.hpp"
#include "kernels/dispatch.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t fetch_distance = 24;

}  // namespace

RankOutcome ItemEmission::emit(std::size_t begin, std::size_t end) {
    while (begin < end && outcome_.complete) {
        const std::size_t clear = active_kernels().count_clear(items_.data + begin, end - begin,
                                                               items_.name_bits, items_.key_window);
        emit_separate(begin, begin + clear);
        begin += clear;
        std::size_t group_end = begin + 1;
        while (group_end < end && items_.close(group_end - 1, group_end)) {
            ++group_end;
        }
        if (group_end - begin == 1) {
            emit_separate(begin, group_end);
        } else {
            emit_group(begin, group_end);
        }
        begin = group_end;
    }
    runs_.flush();
    return outcome_;
}

/// Puts tags in the place of names.
void ItemEmission::name_tags(std::uint32_t* names, std::size_t n) const {
    if (of_.names == Names::half_tags) {
        for (std::size_t k = 0; k < n; ++k) {
            names[k] *= 2;
        }
    } else if (of_.names == Names::positions_of_tags) {
        const std::uint32_t* const tags = of_.values.tags;
        for (std::size_t k = 0; k < n; ++k) {
            __builtin_prefetch(tags + names[std::min(k + fetch_distance, n - 1)]);
            names[k] = tags[names[k]];
        }
    }
}

/// Hands out items [begin, end), each of which has a rank of its own.
void ItemEmission::emit_separate(std::size_t begin, std::size_t end) {
    std::array<std::uint32_t, 1024> tags;
    // A copy, which no tag that is written can change.
    const SortedItems items = items_;
    while (begin < end) {
        const std::size_t size = std::min(tags.size(), end - begin);
        for (std::size_t k = 0; k < size; ++k) {
            tags[k] = items.name(begin + k);
        }
        name_tags(tags.data(), size);
        runs_.accept_separate(tags.data(), doubled_rank(of_.n_before + begin), size);
        begin += size;
    }
}

/// Hands out items [begin, end) if their exact values are known to be equal.
bool ItemEmission::emit_known_tie(std::size_t begin, std::size_t end) {
    const std::uint32_t ends[] = {of_.tag_of(items_.name(begin)), of_.tag_of(items_.name(end - 1))};
    if (!of_.exact->are_equal(ends, 2)) {
        return false;
    }
    const std::size_t n = end - begin;
    tags_.resize(n);
    doubled_ranks_.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
        tags_[k] = of_.tag_of(items_.name(begin + k));
    }
    if (n > 2 && !of_.exact->are_equal(tags_.data(), n)) {
        return false;
    }
    std::fill(doubled_ranks_.begin(), doubled_ranks_.end(), doubled_rank(of_.n_before + begin, n));
    outcome_.add_tie(n);
    runs_.accept(tags_.data(), doubled_ranks_.data(), n);
    return true;
}

/// Items [begin, end) have keys too close to tell.
void ItemEmission::emit_group(std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (of_.exact != nullptr) {
        if (emit_known_tie(begin, end)) {
            return;
        }
        if (!of_.exact->grant(n)) {
            outcome_.complete = false;
            return;
        }
    }
    resolved_.clear();
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t name = items_.name(i);
        resolved_.emplace_back(of_.value_of(name), name);
    }
    std::sort(resolved_.begin(), resolved_.end());
    group_.resize(n);
    tags_.resize(n);
    doubled_ranks_.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
        group_[k] = resolved_[k].first;
        tags_[k] = of_.tag_of(resolved_[k].second);
    }
    outcome_.tie_sum += average_ties(group_.data(), n, of_.n_before + begin, doubled_ranks_.data());
    runs_.accept(tags_.data(), doubled_ranks_.data(), n);
}

}  // namespace fastshesha
