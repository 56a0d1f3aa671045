#include "stream_dispatch.hpp"

#include "fastshesha/simd.hpp"

namespace fastshesha {

FindLevels active_find_levels() {
#if defined(__x86_64__)
    switch (active_simd_level()) {
        case SimdLevel::avx512: return find_levels_avx512;
        case SimdLevel::avx2: return find_levels_avx2;
        case SimdLevel::baseline: break;
    }
#endif
    return find_levels_baseline;
}

}  // namespace fastshesha
