#pragma once

namespace fastshesha {

/// Instruction sets with kernels of their own, in rising order.
enum class SimdLevel { baseline, avx2, avx512 };

}  // namespace fastshesha
