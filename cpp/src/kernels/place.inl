// Items to sort. Those whose places are known to within a few count, among their nearest
// neighbours, those on the wrong side of them: no branch depends on the items. Sorted ones are
// looked through for keys that lie close.

#include <cstddef>
#include <cstdint>

#include "kernels.hpp"

namespace fastshesha {
namespace {

// Wider unaligned loads would all cross a cache line, which costs what they gain.
constexpr std::size_t item_lanes = VECTOR_WIDTH < 4 ? VECTOR_WIDTH : 4;
// Items compare as doubles, which every instruction set can do: see item_marker in kernels.hpp.
typedef double ItemVector __attribute__((vector_size(item_lanes * 8), aligned(8), may_alias));
typedef std::int64_t ShiftVector
    __attribute__((vector_size(item_lanes * 8), aligned(8), may_alias));

// Shifts are worked out a block ahead of the moves, so that neither waits for the other.
constexpr std::size_t place_block = 64;

inline ItemVector items_at(const std::uint64_t* items) {
    return *reinterpret_cast<const ItemVector*>(items);
}

template <std::size_t reach>
inline void count_shifts(const std::uint64_t* items, std::size_t n, std::int64_t* shifts) {
    for (std::size_t i = 0; i < n; i += item_lanes) {
        const ItemVector mine = items_at(items + i);
        ShiftVector shift{};
#pragma GCC unroll 32
        for (std::size_t k = 1; k <= reach; ++k) {
            // A true comparison is -1 in its lane.
            shift -= items_at(items + i + k) < mine;
            shift += items_at(items + i - k) > mine;
        }
        *reinterpret_cast<ShiftVector*>(shifts + i) = shift;
    }
}

template <std::size_t reach>
void place_within(const std::uint64_t* items, std::size_t n, std::uint64_t* sorted) {
    static_assert(reach <= place_reach && place_block % item_lanes == 0);
    std::int64_t shifts[place_block];
    for (std::size_t begin = 0; begin < n; begin += place_block) {
        const std::size_t size = n - begin < place_block ? n - begin : place_block;
        count_shifts<reach>(items + begin, size, shifts);
        for (std::size_t i = 0; i < size; ++i) {
            sorted[begin + i + static_cast<std::size_t>(shifts[i])] = items[begin + i];
        }
    }
}

void place_items(const std::uint64_t* items, std::size_t n, std::size_t reach,
                 std::uint64_t* sorted) {
    if (reach <= 3) {
        place_within<3>(items, n, sorted);
    } else if (reach <= 5) {
        place_within<5>(items, n, sorted);
    } else if (reach <= 7) {
        place_within<7>(items, n, sorted);
    } else if (reach <= 11) {
        place_within<11>(items, n, sorted);
    } else if (reach <= 15) {
        place_within<15>(items, n, sorted);
    } else {
        place_within<place_reach>(items, n, sorted);
    }
}

std::size_t count_clear(const std::uint64_t* items, std::size_t n, int shift,
                        std::uint64_t window) {
    constexpr std::size_t block = 64;
    const auto is_close = [=](std::size_t i) {
        return (items[i + 1] >> shift) - (items[i] >> shift) <= window;
    };
    std::size_t i = 0;
    for (; i + block < n; i += block) {
        std::uint64_t any = 0;
        for (std::size_t k = i; k < i + block; ++k) {
            any |= is_close(k) ? 1 : 0;
        }
        if (any != 0) {
            break;
        }
    }
    while (i + 1 < n && !is_close(i)) {
        ++i;
    }
    return i;
}

}  // namespace
}  // namespace fastshesha
