#pragma once

#include "kernels.hpp"

namespace fastshesha {

/// The kernels of the active level. Fetch them once per call, not per tile.
const Kernels& active_kernels();

}  // namespace fastshesha
