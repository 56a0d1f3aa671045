#include "avx512_replicate_lanes.inl"
#include "replicates.inl"

FASTSHESHA_DEFINE_REPLICATES(avx512)
