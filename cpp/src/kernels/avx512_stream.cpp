#define PANEL_ROWS 14
#define COLUMN_BYTES 128
#define LEVEL_LANES "avx512_level_lanes.inl"
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(float, avx512)
FASTSHESHA_DEFINE_STREAM(double, avx512)
