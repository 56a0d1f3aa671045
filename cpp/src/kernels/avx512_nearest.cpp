#define PRODUCTS_FUSE
#define PLACE_LANES 8
#include "avx512_kept_lanes.inl"
#include "nearest.inl"

FASTSHESHA_DEFINE_NEAREST(avx512)
