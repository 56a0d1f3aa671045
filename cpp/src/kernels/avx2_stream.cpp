#define PANEL_ROWS 6
#define COLUMN_BYTES 64
#define LEVEL_LANES "avx2_level_lanes.inl"
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(float, avx2)
FASTSHESHA_DEFINE_STREAM(double, avx2)
