// The product kernel with fused multiply-add: half the work, another rounding than SciPy's. This
// file's objects are compiled with -ffp-contract=fast, which fuses Product's term into its sum.

#include "tile.inl"

#define FASTSHESHA_DEFINE_FUSED(level)                                                        \
    namespace fastshesha {                                                                    \
    void add_products_fused_##level(const double* rows, const double* columns,                \
                                    std::size_t panel_stride, std::size_t n_features,         \
                                    double* tile) {                                           \
        add_terms<Product>(rows, columns, panel_stride, n_features, tile);                    \
    }                                                                                         \
    }
