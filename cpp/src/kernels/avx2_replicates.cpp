#include "avx2_replicate_lanes.inl"
#include "replicates.inl"

FASTSHESHA_DEFINE_REPLICATES(avx2)
