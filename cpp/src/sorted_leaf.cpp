#include "sorted_leaf.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "condensed_scan.hpp"
#include "item_sort.hpp"
#include "rank_maps.hpp"

namespace fastshesha {
namespace {

/// Whether 2^49 even steps tell all values of a range apart: values that differ do so by 2^-53 of
/// the range's smaller end at least, which is four steps.
bool steps_tell_apart(const ValueRange& range) {
    const double nearest = std::min(std::fabs(range.lowest), std::fabs(range.highest));
    return range.highest - range.lowest <= 0x1p-6 * nearest && nearest >= 0x1p-900;
}

}  // namespace

void SortedLeaf::sort(const TaggedValues& from) {
    n_ = from.n;
    constexpr int key_bits = item_bits - index_bits;
    static_assert(key_bits == 49);
    const ValueRange range = value_range(from.values, n_);
    const ValueMap by_value(range.lowest, range.highest, key_bits);
    if (steps_tell_apart(range) && by_value.usable()) {
        sort_by(from, by_value);
        return;
    }
    const BitsMap by_bits(range.lowest, range.highest, key_bits);
    sort_by(from, by_bits);
    if (!by_bits.tells_apart()) {
        sort_equal_keys();
    }
}

template <class Map>
void SortedLeaf::sort_by(const TaggedValues& from, const Map& map) {
    map_stretch(
        from.values, 0, n_, map, index_bits, [](std::size_t i) { return i; }, items_.data());
    sort_items(items_.data(), scratch_.data(), n_, index_bits);
    for (std::size_t k = 0; k < n_; ++k) {
        const std::size_t i = items_[k] & (capacity - 1);
        values_[k] = from.values[i];
        tags_[k] = from.tag(i);
    }
}

void SortedLeaf::sort_equal_keys() {
    for (std::size_t begin = 0, end = 0; begin < n_; begin = end) {
        const std::uint64_t key = items_[begin] >> index_bits;
        while (end < n_ && items_[end] >> index_bits == key) {
            ++end;
        }
        const double* const first = values_.data() + begin;
        const double* const last = values_.data() + end;
        if (std::any_of(first, last, [=](double value) { return value != *first; })) {
            sort_stretch(begin, end);
        }
    }
}

void SortedLeaf::sort_stretch(std::size_t begin, std::size_t end) {
    std::vector<std::pair<double, std::uint32_t>> stretch;
    for (std::size_t k = begin; k < end; ++k) {
        stretch.emplace_back(values_[k], tags_[k]);
    }
    std::stable_sort(stretch.begin(), stretch.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t k = begin; k < end; ++k) {
        std::tie(values_[k], tags_[k]) = stretch[k - begin];
    }
}

}  // namespace fastshesha
