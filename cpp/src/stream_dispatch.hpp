#pragma once

#include "kernels/stream_kernels.hpp"

namespace fastshesha {

/// The level search of the active instruction set.
FindLevels active_find_levels();

}  // namespace fastshesha
