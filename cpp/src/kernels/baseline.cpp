#define VECTOR_WIDTH 2
#define PANEL_ROWS 4
#define TILE_PANELS 1
#include "kernels.inl"

FASTSHESHA_DEFINE_KERNELS(kernels_baseline, SimdLevel::baseline, nullptr, nullptr,
                          rank_pairs_baseline, add_rank_products_baseline)
