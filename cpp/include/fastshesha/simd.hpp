#pragma once

#include <string_view>
#include <vector>

#include "fastshesha/simd_level.hpp"

namespace fastshesha {

std::string_view simd_level_name(SimdLevel level);

/// Levels that are compiled in and that this CPU and operating system can run, lowest first.
const std::vector<SimdLevel>& supported_simd_levels();

/// The level in use: forced, else the one named by FASTSHESHA_SIMD, else the highest supported.
SimdLevel active_simd_level();

/// Throws std::invalid_argument for an unknown or unsupported level.
void force_simd_level(std::string_view name);

}  // namespace fastshesha
