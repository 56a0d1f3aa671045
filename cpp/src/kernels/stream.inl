// Levels of similarities, for tiles of PANEL_ROWS rows by COLUMN_BYTES of columns. An including
// file defines MULTIPLY_ADD(suffix, a, b, c) and names LEVEL_LANES, the file of apply_stage.
// Nothing here may have external linkage, call a library or own memory.

#include "stream_kernels.hpp"

namespace fastshesha {
namespace {

inline float multiply_add(float a, float b, float c) { return MULTIPLY_ADD(f, a, b, c); }
inline double multiply_add(double a, double b, double c) { return MULTIPLY_ADD(, a, b, c); }

/// Places are filled up to a multiple of this.
constexpr std::size_t lane_values = 8;

/// The place within [0, limit]; NaN becomes 0.
template <class Scalar>
inline Scalar clamped(Scalar place, Scalar limit) {
    const Scalar positive = place > Scalar{0} ? place : Scalar{0};
    return positive < limit ? positive : limit;
}

/// A last place that still lies in cell n - 1.
template <class Scalar>
inline Scalar last_place(std::size_t n) {
    return static_cast<Scalar>(n) *
           (sizeof(Scalar) == 4 ? Scalar{1} - Scalar{0x1p-23} : Scalar{1} - Scalar{0x1p-52});
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

template <class Scalar>
inline void find_levels(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                        std::int32_t* levels) {
    Scalar places[stream_area];
    const Scalar last_cell = last_place<Scalar>(map.n_cells);
    for (std::size_t c = 0; c < n; ++c) {
        places[c] = clamped(multiply_add(values[c], map.scale, map.offset), last_cell);
    }
    for (std::size_t c = n; c % lane_values != 0; ++c) {
        places[c] = Scalar{0};
    }
    for (std::size_t stage = 0; stage < map.n_stages; ++stage) {
        const bool is_last = stage + 1 == map.n_stages;
        apply_stage(places, n, map.cells + 2 * stage * map.n_cells,
                    is_last ? last_place<Scalar>(map.n_base) : last_cell);
    }
    for (std::size_t c = 0; c < n; ++c) {
        levels[c] = static_cast<std::int32_t>(places[c]);
    }
    if (map.entries != nullptr) {
        split_atoms(values, n, map, levels);
    }
}

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
    };                                                    \
    }
