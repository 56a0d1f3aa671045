#define MULTIPLY_ADD(a, b, c) __builtin_fma(a, b, c)
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(avx2)
