#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(baseline)
