#pragma once

#include <vector>

#include "fastshesha/level_map.hpp"

namespace fastshesha {

/// Cells of a map in float32: heights are rounded, slopes are what never leads beyond the next
/// height, so that no cell is out of order.
std::vector<float> single_cells(const LevelMap<double>& map);

}  // namespace fastshesha
