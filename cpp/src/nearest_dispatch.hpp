#pragma once

#include "kernels/nearest_kernels.hpp"

namespace fastshesha {

/// The kernels of nearest rows of the active instruction set.
const NearestKernels& active_nearest_kernels();

}  // namespace fastshesha
