#define VECTOR_WIDTH 8
#define PANEL_ROWS 8
#define TILE_PANELS 3
#include "fused.inl"

FASTSHESHA_DEFINE_FUSED(avx512)
