#include "dispatch.hpp"

#include "fastshesha/simd.hpp"

namespace fastshesha {

extern const Kernels kernels_baseline;
#if defined(__x86_64__)
extern const Kernels kernels_avx2;
extern const Kernels kernels_avx512;
#endif

const Kernels& active_kernels() {
#if defined(__x86_64__)
    switch (active_simd_level()) {
        case SimdLevel::avx512: return kernels_avx512;
        case SimdLevel::avx2: return kernels_avx2;
        case SimdLevel::baseline: break;
    }
#endif
    return kernels_baseline;
}

}  // namespace fastshesha
