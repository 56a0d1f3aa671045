// Levels of similarities, for tiles of PANEL_ROWS rows by COLUMN_BYTES of columns. An including
// file names LEVEL_LANES, the file of find_stretch.
// Nothing here may have external linkage, call a library or own memory.

#include "stream_kernels.hpp"
#include "waiting_pairs.inl"

namespace fastshesha {
namespace {

/// A last place that still lies in cell n - 1.
template <class Scalar>
inline Scalar last_place(std::size_t n) {
    return static_cast<Scalar>(n) *
           (sizeof(Scalar) == 4 ? Scalar{1} - Scalar{0x1p-23} : Scalar{1} - Scalar{0x1p-52});
}

/// The last places within a stage's cells, and within what the last stage leads to.
template <class Scalar>
struct StageLimits {
    Scalar cells;
    Scalar base;
};

template <class Scalar>
inline const Scalar* cells_of(const LevelMap<Scalar>& map, std::size_t stage) {
    return map.cells + 2 * map.n_cells * stage;
}

/// Finds levels and returns true where registers can hold a map's cells.
template <class Scalar>
inline bool find_by_held_cells(const Scalar*, std::size_t, const LevelMap<Scalar>&,
                               const StageLimits<Scalar>&, std::int32_t*) {
    return false;
}

}  // namespace
}  // namespace fastshesha

#include LEVEL_LANES

namespace fastshesha {
namespace {

template <class Scalar>
inline void split_atoms(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                        std::int32_t* levels) {
    for (std::size_t c = 0; c < n; ++c) {
        const std::uint32_t entry = map.entries[levels[c]];
        const LevelAtom& atom = map.atoms[entry >> 16];
        const std::int32_t inside = values[c] >= atom.low ? atom.inside : 0;
        const std::int32_t above = values[c] > atom.high ? atom.above : 0;
        levels[c] = static_cast<std::int32_t>(entry & 0xffffu) + inside + above;
    }
}

/// By stretches of level_lanes values, the last of them filled up.
template <class Scalar>
inline void find_by_stretches(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                              const StageLimits<Scalar>& limits, std::int32_t* levels) {
    constexpr std::size_t lanes = level_lanes<Scalar>;
    std::size_t c = 0;
    for (; c + lanes <= n; c += lanes) {
        find_stretch(values + c, map, limits, levels + c);
    }
    if (c == n) {
        return;
    }
    Scalar last_values[lanes] = {};
    std::int32_t last_levels[lanes];
    for (std::size_t k = 0; c + k < n; ++k) {
        last_values[k] = values[c + k];
    }
    find_stretch(last_values, map, limits, last_levels);
    for (std::size_t k = 0; c + k < n; ++k) {
        levels[c + k] = last_levels[k];
    }
}

template <class Scalar>
inline void find_levels(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                        std::int32_t* levels) {
    const StageLimits<Scalar> limits{last_place<Scalar>(map.n_cells),
                                     last_place<Scalar>(map.n_base)};
    if (!find_by_held_cells(values, n, map, limits, levels)) {
        find_by_stretches(values, n, map, limits, levels);
    }
    if (map.entries != nullptr) {
        split_atoms(values, n, map, levels);
    }
}

inline void count_all_pairs(WaitingPairs& pairs) { count_pairs(pairs, pairs.n); }

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_STREAM(type, level)             \
    namespace fastshesha {                                \
    const StreamKernels<type> stream_##type##_##level = { \
        PANEL_ROWS,                                       \
        COLUMN_BYTES / sizeof(type),                      \
        multiply_##type##_##level,                        \
        multiply_listed_##type##_##level,                 \
        subtract_offsets_##type##_##level,                \
        scale_##type##_##level,                           \
        subtract_##type##_##level,                        \
        find_levels<type>,                                \
        count_all_pairs,                                  \
    };                                                    \
    }
