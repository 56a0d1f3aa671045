#define MULTIPLY_ADD(suffix, a, b, c) __builtin_fma##suffix(a, b, c)
#define PANEL_ROWS 14
#define COLUMN_BYTES 128
#define LEVEL_LANES "avx2_level_lanes.inl"
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(float, avx512)
FASTSHESHA_DEFINE_STREAM(double, avx512)
