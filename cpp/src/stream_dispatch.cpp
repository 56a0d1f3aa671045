#include "stream_dispatch.hpp"

#include "fastshesha/simd.hpp"

namespace fastshesha {

template <>
const StreamKernels<float>& active_stream_kernels() {
#if defined(__x86_64__)
    switch (active_simd_level()) {
        case SimdLevel::avx512: return stream_float_avx512;
        case SimdLevel::avx2: return stream_float_avx2;
        case SimdLevel::baseline: break;
    }
#endif
    return stream_float_baseline;
}

template <>
const StreamKernels<double>& active_stream_kernels() {
#if defined(__x86_64__)
    switch (active_simd_level()) {
        case SimdLevel::avx512: return stream_double_avx512;
        case SimdLevel::avx2: return stream_double_avx2;
        case SimdLevel::baseline: break;
    }
#endif
    return stream_double_baseline;
}

}  // namespace fastshesha
