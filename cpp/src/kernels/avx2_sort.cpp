#include "avx2_lanes.inl"
#include "sort.inl"

FASTSHESHA_DEFINE_SORT(avx2)
