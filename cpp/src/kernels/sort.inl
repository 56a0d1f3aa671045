// Steps of a vectorised quicksort of 64-bit integers that are all different. An including file
// defines, for vectors of SORT_LANES integers: SortVector, load_items, store_items, store_lanes
// (lanes [first, end) only), broadcast_item, below_mask (bit l: lane l of a is below b),
// count_below (adds 1 where a is below b) and front_to_back (lanes of set bits first, the others
// after them, both in order).

namespace fastshesha {
namespace {

/// Where the next item below the pivot goes, and the end of the place for the next one above it.
/// In between as many places are free as items are unread.
struct Gap {
    std::size_t left;
    std::size_t right;
};

/// Deals one vector, of which the first n_valid lanes count, without touching other places.
inline void deal_exactly(const std::uint64_t* source, std::size_t n_valid, SortVector pivots,
                         std::uint64_t* dest, Gap& gap) {
    const SortVector items = load_items(source);
    const unsigned valid = (1u << n_valid) - 1;
    const unsigned below = below_mask(items, pivots) & valid;
    const auto n_below = static_cast<std::size_t>(__builtin_popcount(below));
    const SortVector parted = front_to_back(items, below);
    store_lanes(dest + gap.left, parted, 0, n_below);
    store_lanes(dest + (gap.right - n_valid), parted, n_below, n_valid);
    gap.left += n_below;
    gap.right -= n_valid - n_below;
}

// Items that fit the first-level cache twice over. Beyond, the lines written next are fetched
// ahead, or every store would wait for its own.
constexpr std::size_t cached_items = 2048;
constexpr std::size_t fetch_distance = 32;

/// Deals whole vectors while the gap is two vectors wide: both stores write a whole vector, and
/// what does not belong there is overwritten later. Returns the number of items dealt.
template <bool fetch_ahead>
inline std::size_t deal_vectors(const std::uint64_t* source, std::size_t n, SortVector pivots,
                                std::uint64_t* dest, Gap& gap) {
    std::size_t i = 0;
    for (; n - i >= 2 * SORT_LANES; i += SORT_LANES) {
        const SortVector items = load_items(source + i);
        const unsigned below = below_mask(items, pivots);
        const SortVector parted = front_to_back(items, below);
        const auto n_below = static_cast<std::size_t>(__builtin_popcount(below));
        store_items(dest + gap.left, parted);
        store_items(dest + gap.right - SORT_LANES, parted);
        if constexpr (fetch_ahead) {
            __builtin_prefetch(dest + gap.left + fetch_distance, 1);
            __builtin_prefetch(dest + gap.right - fetch_distance, 1);
        }
        gap.left += n_below;
        gap.right -= SORT_LANES - n_below;
    }
    return i;
}

/// Splits source into dest: items below the pivot first. Returns how many those are. Reads up
/// to one vector beyond the source.
std::size_t partition(const std::uint64_t* source, std::size_t n, std::uint64_t pivot,
                      std::uint64_t* dest) {
    const SortVector pivots = broadcast_item(pivot);
    Gap gap{0, n};
    std::size_t i = n > cached_items ? deal_vectors<true>(source, n, pivots, dest, gap)
                                     : deal_vectors<false>(source, n, pivots, dest, gap);
    if (n - i >= SORT_LANES) {
        deal_exactly(source + i, SORT_LANES, pivots, dest, gap);
        i += SORT_LANES;
    }
    if (i < n) {
        deal_exactly(source + i, n - i, pivots, dest, gap);
    }
    return gap.left;
}

/// places[i] = number of items below items[i], counted without a branch.
template <std::size_t n_vectors>
inline void count_places(const std::uint64_t* items, std::size_t n, std::uint64_t* places) {
    SortVector mine[n_vectors];
    SortVector n_below[n_vectors] = {};
#pragma GCC unroll 8
    for (std::size_t v = 0; v < n_vectors; ++v) {
        mine[v] = load_items(items + v * SORT_LANES);
    }
    for (std::size_t i = 0; i < n; ++i) {
        const SortVector other = broadcast_item(items[i]);
#pragma GCC unroll 8
        for (std::size_t v = 0; v < n_vectors; ++v) {
            n_below[v] = count_below(n_below[v], other, mine[v]);
        }
    }
#pragma GCC unroll 8
    for (std::size_t v = 0; v < n_vectors; ++v) {
        store_items(places + v * SORT_LANES, n_below[v]);
    }
}

/// Sorts up to 4 vectors of different items by counting. Reads up to four vectors.
void sort_few(const std::uint64_t* items, std::size_t n, std::uint64_t* out) {
    static_assert(max_sorted_directly % (4 * SORT_LANES) == 0);
    std::uint64_t places[max_sorted_directly];
    std::uint64_t copy[max_sorted_directly];
    if (n <= SORT_LANES) {
        count_places<1>(items, n, places);
    } else if (n <= 2 * SORT_LANES) {
        count_places<2>(items, n, places);
    } else if (n <= 3 * SORT_LANES) {
        count_places<3>(items, n, places);
    } else if (n <= 4 * SORT_LANES) {
        count_places<4>(items, n, places);
    } else {
        count_places<max_sorted_directly / SORT_LANES>(items, n, places);
    }
    for (std::size_t i = 0; i < n; i += SORT_LANES) {
        store_items(copy + i, load_items(items + i));
    }
    for (std::size_t i = 0; i < n; ++i) {
        out[places[i]] = copy[i];
    }
}

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_SORT(level)                                                              \
    namespace fastshesha {                                                                         \
    std::size_t partition_##level(const std::uint64_t* source, std::size_t n, std::uint64_t pivot, \
                                  std::uint64_t* dest) {                                           \
        return partition(source, n, pivot, dest);                                                  \
    }                                                                                              \
    void sort_few_##level(const std::uint64_t* items, std::size_t n, std::uint64_t* out) {         \
        sort_few(items, n, out);                                                                   \
    }                                                                                              \
    }
