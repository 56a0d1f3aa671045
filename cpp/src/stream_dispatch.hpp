#pragma once

#include "kernels/stream_kernels.hpp"

namespace fastshesha {

/// The stream kernels of the active instruction set.
template <class Scalar>
const StreamKernels<Scalar>& active_stream_kernels();

}  // namespace fastshesha
