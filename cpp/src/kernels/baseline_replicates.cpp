#include "baseline_replicate_lanes.inl"
#include "replicates.inl"

FASTSHESHA_DEFINE_REPLICATES(baseline)
