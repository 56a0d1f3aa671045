// Levels of similarities. An including file defines MULTIPLY_ADD(a, b, c). Nothing here may have
// external linkage, call a library or own memory.

#include "stream_kernels.hpp"

namespace fastshesha {
namespace {

/// The place within [0, limit]; NaN becomes 0.
inline double clamped(double place, double limit) {
    const double positive = place > 0.0 ? place : 0.0;
    return positive < limit ? positive : limit;
}

/// The last place that still lies in cell n - 1.
inline double last_place(std::size_t n) { return static_cast<double>(n) - 0x1p-20; }

inline void apply_stage(double* places, std::size_t n, const double* cells, double limit) {
    for (std::size_t c = 0; c < n; ++c) {
        const std::int32_t cell = static_cast<std::int32_t>(places[c]);
        places[c] = clamped(MULTIPLY_ADD(places[c], cells[2 * cell], cells[2 * cell + 1]), limit);
    }
}

inline void split_atoms(const double* values, std::size_t n, const LevelMap& map,
                        std::int32_t* levels) {
    for (std::size_t c = 0; c < n; ++c) {
        const std::uint32_t entry = map.entries[levels[c]];
        const LevelAtom& atom = map.atoms[entry >> 16];
        const std::int32_t inside = values[c] >= atom.low ? atom.inside : 0;
        const std::int32_t above = values[c] > atom.high ? atom.above : 0;
        levels[c] = static_cast<std::int32_t>(entry & 0xffffu) + inside + above;
    }
}

inline void find_levels(const double* values, std::size_t n, const LevelMap& map,
                        std::int32_t* levels) {
    double places[stream_strip];
    const double last_cell = last_place(map.n_cells);
    for (std::size_t c = 0; c < n; ++c) {
        places[c] = clamped(MULTIPLY_ADD(values[c], map.scale, map.offset), last_cell);
    }
    for (std::size_t stage = 0; stage < map.n_stages; ++stage) {
        const bool is_last = stage + 1 == map.n_stages;
        apply_stage(places, n, map.cells + 2 * stage * map.n_cells,
                    is_last ? last_place(map.n_base) : last_cell);
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

#define FASTSHESHA_DEFINE_STREAM(level)                                                \
    namespace fastshesha {                                                             \
    void find_levels_##level(const double* values, std::size_t n, const LevelMap& map, \
                             std::int32_t* levels) {                                   \
        find_levels(values, n, map, levels);                                           \
    }                                                                                  \
    }
