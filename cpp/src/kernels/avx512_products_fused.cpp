#define VECTOR_BYTES 64
#define PANEL_ROWS 14
#define COLUMN_VECTORS 2
#include "stream_products.inl"

FASTSHESHA_DEFINE_PRODUCTS(float, avx512)
FASTSHESHA_DEFINE_PRODUCTS(double, avx512)
