#define PLACE_LANES 2
#include "baseline_kept_lanes.inl"
#include "nearest.inl"

FASTSHESHA_DEFINE_NEAREST(baseline)
