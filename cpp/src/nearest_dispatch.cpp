#include "nearest_dispatch.hpp"

#include "fastshesha/simd.hpp"

namespace fastshesha {

const NearestKernels& active_nearest_kernels() {
#if defined(__x86_64__)
    switch (active_simd_level()) {
        case SimdLevel::avx512: return nearest_avx512;
        case SimdLevel::avx2: return nearest_avx2;
        case SimdLevel::baseline: break;
    }
#endif
    return nearest_baseline;
}

}  // namespace fastshesha
