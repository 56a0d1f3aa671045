#include "fastshesha/float_environment.hpp"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace fastshesha {

#if defined(__SSE2__)
namespace {
constexpr unsigned default_control = 0x1f80;
}

FloatEnvironment::FloatEnvironment() : saved_(_mm_getcsr()) { _mm_setcsr(default_control); }
FloatEnvironment::~FloatEnvironment() { _mm_setcsr(saved_); }
#else
FloatEnvironment::FloatEnvironment() = default;
FloatEnvironment::~FloatEnvironment() = default;
#endif

}  // namespace fastshesha
