#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace fastshesha {

/// Round to nearest with denormals kept, for as long as it lives, on the thread that made it.
/// Another library built with -ffast-math may have changed the mode, thread by thread.
class FloatEnvironment {
#if defined(__SSE2__)
public:
    FloatEnvironment() : saved_(_mm_getcsr()) { _mm_setcsr(default_control); }
    ~FloatEnvironment() { _mm_setcsr(saved_); }

private:
    static constexpr unsigned default_control = 0x1f80;
    unsigned saved_;
#else
public:
    FloatEnvironment() = default;
#endif
    FloatEnvironment(const FloatEnvironment&) = delete;
    FloatEnvironment& operator=(const FloatEnvironment&) = delete;
};

}  // namespace fastshesha
