#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/level_map.hpp"

namespace fastshesha {

/// Similarities that are mapped together.
inline constexpr std::size_t stream_strip = 96;

/// levels[c] = level of values[c] for n <= stream_strip values. Fused multiply-adds where the CPU
/// has them, in one order for all of those.
using FindLevels = void (*)(const double* values, std::size_t n, const LevelMap& map,
                            std::int32_t* levels);

void find_levels_baseline(const double* values, std::size_t n, const LevelMap& map,
                          std::int32_t* levels);
void find_levels_avx2(const double* values, std::size_t n, const LevelMap& map,
                      std::int32_t* levels);
void find_levels_avx512(const double* values, std::size_t n, const LevelMap& map,
                        std::int32_t* levels);

}  // namespace fastshesha
