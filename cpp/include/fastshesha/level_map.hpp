#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

/// A similarity that many pairs share, up to rounding: pairs in [low, high] get a level to
/// themselves, `inside` above the first level of their stretch; larger ones lie `above` higher.
struct LevelAtom {
    double low;
    double high;
    std::int32_t inside;
    std::int32_t above;
};

/// A rising map from similarities to integer levels: x * scale + offset is a place among n_cells
/// cells, and every stage sends a place p in cell c to height + slope * (p - c), the last one to
/// one of n_base stretches. With a falling first step, the last stage falls, too. A stretch is a
/// level, unless `entries` is given: then entries[stretch] holds its first level in the low half
/// and the number of its atom in the high half, where atom 0 is one that no value reaches.
template <class Scalar>
struct LevelMap {
    Scalar scale;
    Scalar offset;
    const Scalar* cells;  ///< n_stages rows of n_cells pairs (slope, height)
    std::size_t n_stages;
    std::size_t n_cells;
    std::size_t n_base;
    const std::uint32_t* entries;
    const LevelAtom* atoms;
    std::size_t n_levels;
};

/// Levels fit 16 bits, so that sums of 2^23 of them leave room for a count in 64 bits.
inline constexpr std::size_t most_levels = std::size_t{1} << 16;

}  // namespace fastshesha
