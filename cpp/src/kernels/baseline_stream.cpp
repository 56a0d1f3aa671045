#define PANEL_ROWS 4
#define COLUMN_BYTES 32
#define LEVEL_LANES "baseline_level_lanes.inl"
#include "stream.inl"

FASTSHESHA_DEFINE_STREAM(float, baseline)
FASTSHESHA_DEFINE_STREAM(double, baseline)
