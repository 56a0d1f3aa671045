#define VECTOR_BYTES 32
#define PANEL_ROWS 6
#define COLUMN_VECTORS 2
#include "stream_products.inl"

FASTSHESHA_DEFINE_PRODUCTS(float, avx2)
FASTSHESHA_DEFINE_PRODUCTS(double, avx2)
