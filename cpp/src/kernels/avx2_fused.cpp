#define VECTOR_WIDTH 4
#define PANEL_ROWS 4
#define TILE_PANELS 3
#include "fused.inl"

FASTSHESHA_DEFINE_FUSED(avx2)
