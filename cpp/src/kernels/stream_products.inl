// Products of packed panels for VECTOR_BYTES a vector and tiles of PANEL_ROWS rows by
// COLUMN_VECTORS vectors. A pair's sum runs over the features in their order, whatever the shape of
// the tile. Nothing here may have external linkage, call a library or own memory.

#include "stream_kernels.hpp"
#include "waiting_pairs.inl"

namespace fastshesha {
namespace {

template <class Scalar>
struct Lanes {
    typedef Scalar Vector __attribute__((vector_size(VECTOR_BYTES)));
    // What a Scalar* points to: aligned like it, and any type may alias it.
    typedef Vector Unaligned __attribute__((aligned(sizeof(Scalar)), may_alias));
    static constexpr std::size_t width = VECTOR_BYTES / sizeof(Scalar);
    static constexpr std::size_t columns = COLUMN_VECTORS * width;

    static Vector load(const Scalar* from) { return *reinterpret_cast<const Unaligned*>(from); }
    static void store(Scalar* to, Vector value) { *reinterpret_cast<Unaligned*>(to) = value; }
};

template <class Scalar>
inline void add_feature(const Scalar* rows, const Scalar* columns,
                        typename Lanes<Scalar>::Vector (&sums)[PANEL_ROWS][COLUMN_VECTORS]) {
    typename Lanes<Scalar>::Vector column[COLUMN_VECTORS];
#pragma GCC unroll 16
    for (std::size_t v = 0; v < COLUMN_VECTORS; ++v) {
        column[v] = Lanes<Scalar>::load(columns + v * Lanes<Scalar>::width);
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < PANEL_ROWS; ++r) {
        const typename Lanes<Scalar>::Vector row = rows[r] - typename Lanes<Scalar>::Vector{};
#pragma GCC unroll 16
        for (std::size_t v = 0; v < COLUMN_VECTORS; ++v) {
            sums[r][v] += row * column[v];
        }
    }
}

template <class Scalar, bool listed>
inline void multiply(const Scalar* rows, const Scalar* columns, const std::uint32_t* features,
                     std::size_t n_features, bool adds, Scalar* tile, WaitingPairs* waiting) {
    typename Lanes<Scalar>::Vector sums[PANEL_ROWS][COLUMN_VECTORS] = {};
    const auto add = [&](std::size_t i) __attribute__((always_inline)) {
        const std::size_t k = listed ? features[i] : i;
        add_feature(rows + k * PANEL_ROWS, columns + k * Lanes<Scalar>::columns, sums);
    };
    std::size_t i = 0;
    if (waiting != nullptr) {
        // A copy, which no entry of a table can alias.
        WaitingPairs pairs = *waiting;
        const std::size_t n_beside = n_features < pairs.n_features ? n_features : pairs.n_features;
        for (; i < n_beside; ++i) {
            add(i);
            count_pairs(pairs, pairs.per_feature);
        }
        pairs.n_features -= n_beside;
        *waiting = pairs;
    }
    for (; i < n_features; ++i) {
        add(i);
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < PANEL_ROWS; ++r) {
#pragma GCC unroll 16
        for (std::size_t v = 0; v < COLUMN_VECTORS; ++v) {
            Scalar* to = tile + r * Lanes<Scalar>::columns + v * Lanes<Scalar>::width;
            Lanes<Scalar>::store(to, adds ? Lanes<Scalar>::load(to) + sums[r][v] : sums[r][v]);
        }
    }
}

template <class Scalar>
inline void subtract_offsets(const Scalar* row_offsets, const Scalar* column_offsets,
                             std::size_t n_rows, Scalar* tile) {
    using L = Lanes<Scalar>;
    for (std::size_t v = 0; v < COLUMN_VECTORS; ++v) {
        const typename L::Vector column = L::load(column_offsets + v * L::width);
        for (std::size_t r = 0; r < n_rows; ++r) {
            Scalar* to = tile + r * L::columns + v * L::width;
            L::store(to, L::load(to) - (row_offsets[r] + column));
        }
    }
}

template <class Scalar>
inline void scale(const Scalar* row_factors, const Scalar* column_factors, std::size_t n_rows,
                  Scalar* tile) {
    using L = Lanes<Scalar>;
    for (std::size_t v = 0; v < COLUMN_VECTORS; ++v) {
        const typename L::Vector column = L::load(column_factors + v * L::width);
        for (std::size_t r = 0; r < n_rows; ++r) {
            Scalar* to = tile + r * L::columns + v * L::width;
            L::store(to, L::load(to) * (row_factors[r] * column));
        }
    }
}

template <class Scalar>
inline void subtract(const Scalar* totals, const Scalar* parts, std::size_t n_rows, Scalar* rest) {
    using L = Lanes<Scalar>;
    for (std::size_t c = 0; c < n_rows * L::columns; c += L::width) {
        L::store(rest + c, L::load(totals + c) - L::load(parts + c));
    }
}

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_PRODUCTS(type, level)                                                   \
    namespace fastshesha {                                                                        \
    void multiply_##type##_##level(const type* rows, const type* columns, std::size_t n_features, \
                                   bool adds, type* tile, WaitingPairs* waiting) {                \
        multiply<type, false>(rows, columns, nullptr, n_features, adds, tile, waiting);           \
    }                                                                                             \
    void multiply_listed_##type##_##level(const type* rows, const type* columns,                  \
                                          const std::uint32_t* features, std::size_t n_features,  \
                                          bool adds, type* tile, WaitingPairs* waiting) {         \
        multiply<type, true>(rows, columns, features, n_features, adds, tile, waiting);           \
    }                                                                                             \
    void subtract_offsets_##type##_##level(const type* row_offsets, const type* column_offsets,   \
                                           std::size_t n_rows, type* tile) {                      \
        subtract_offsets<type>(row_offsets, column_offsets, n_rows, tile);                        \
    }                                                                                             \
    void scale_##type##_##level(const type* row_factors, const type* column_factors,              \
                                std::size_t n_rows, type* tile) {                                 \
        scale<type>(row_factors, column_factors, n_rows, tile);                                   \
    }                                                                                             \
    void subtract_##type##_##level(const type* totals, const type* parts, std::size_t n_rows,     \
                                   type* rest) {                                                  \
        subtract<type>(totals, parts, n_rows, rest);                                              \
    }                                                                                             \
    }
