// The product kernels with fused multiply-add: half the work, another rounding than SciPy's. Their
// objects are compiled with -ffp-contract=fast, which fuses Product's term into its sum.

#include "tile.inl"

namespace fastshesha {
namespace {

template <bool turns_on>
inline void toggle(const Tile& total, double* split) {
    Tile tile;
    load_tile(tile, split);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < panel_rows; ++r) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            tile.sums[r][v] =
                turns_on ? tile.sums[r][v] - total.sums[r][v] : tile.sums[r][v] + total.sums[r][v];
        }
    }
    store_tile(tile, split);
}

inline void add_split_products(const double* rows, const double* columns, std::size_t panel_stride,
                               const SplitStep* steps, std::size_t n_steps, double* tiles,
                               std::size_t n_splits) {
    constexpr std::size_t tile_size = panel_rows * tile_columns;
    Tile total = {};
    for (std::size_t t = 0; t < n_steps; ++t) {
        add_terms<Product>(rows, columns, panel_stride, steps[t].n_features, total);
        rows += steps[t].n_features * panel_rows;
        columns += steps[t].n_features * panel_rows;
        double* split = tiles + steps[t].split * tile_size;
        if (steps[t].turns_on) {
            toggle<true>(total, split);
        } else {
            toggle<false>(total, split);
        }
    }
    store_tile(total, tiles + n_splits * tile_size);
}

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_FUSED(level)                                                          \
    namespace fastshesha {                                                                      \
    void add_products_fused_##level(const double* rows, const double* columns,                  \
                                    std::size_t panel_stride, std::size_t n_features,           \
                                    double* tile) {                                             \
        add_terms_to_memory<Product>(rows, columns, panel_stride, n_features, tile);            \
    }                                                                                           \
    void add_split_products_##level(const double* rows, const double* columns,                  \
                                    std::size_t panel_stride, const SplitStep* steps,           \
                                    std::size_t n_steps, double* tiles, std::size_t n_splits) { \
        add_split_products(rows, columns, panel_stride, steps, n_steps, tiles, n_splits);       \
    }                                                                                           \
    }
