#define VECTOR_BYTES 16
#define PANEL_ROWS 4
#define COLUMN_VECTORS 2
#include "stream_products.inl"

FASTSHESHA_DEFINE_PRODUCTS(float, baseline)
FASTSHESHA_DEFINE_PRODUCTS(double, baseline)
