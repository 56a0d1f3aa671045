#define VECTOR_WIDTH 8
#define PANEL_ROWS 8
#define TILE_PANELS 3
#define ROW_OPERAND_IN_MEMORY
#include "kernels.inl"

FASTSHESHA_DEFINE_KERNELS(kernels_avx512, SimdLevel::avx512, add_products_fused_avx512,
                          add_split_products_avx512, rank_pairs_avx512, add_rank_products_avx512)
