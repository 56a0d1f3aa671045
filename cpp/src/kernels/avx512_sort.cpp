#include "avx512_lanes.inl"
#include "sort.inl"

FASTSHESHA_DEFINE_SORT(avx512)
