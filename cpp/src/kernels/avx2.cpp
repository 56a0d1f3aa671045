#define VECTOR_WIDTH 4
#define PANEL_ROWS 4
#define TILE_PANELS 3
#include "kernels.inl"

FASTSHESHA_DEFINE_KERNELS(kernels_avx2, SimdLevel::avx2, add_products_fused_avx2,
                          add_split_products_avx2, rank_pairs_avx2, add_rank_products_avx2)
