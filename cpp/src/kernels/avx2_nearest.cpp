#define PRODUCTS_FUSE
#define PLACE_LANES 4
#include "avx2_kept_lanes.inl"
#include "nearest.inl"

FASTSHESHA_DEFINE_NEAREST(avx2)
