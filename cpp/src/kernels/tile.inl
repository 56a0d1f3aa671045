// Vectors, and the tile loop that every distance starts with, for VECTOR_WIDTH doubles a vector
// and tiles of PANEL_ROWS rows by TILE_PANELS * PANEL_ROWS columns. Included by each kernel file
// inside its own flags: nothing here may have external linkage, call a library or own memory.

#include "kernels.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t panel_rows = PANEL_ROWS;
constexpr std::size_t panel_vectors = PANEL_ROWS / VECTOR_WIDTH;
constexpr std::size_t tile_vectors = TILE_PANELS * panel_vectors;
constexpr std::size_t tile_columns = TILE_PANELS * PANEL_ROWS;

static_assert(VECTOR_WIDTH <= max_lanes);
typedef double Vector __attribute__((vector_size(VECTOR_WIDTH * sizeof(double))));
typedef long long Mask __attribute__((vector_size(VECTOR_WIDTH * sizeof(double))));
// What a double* points to: aligned like a double, and any type may alias it.
typedef Vector UnalignedVector __attribute__((aligned(sizeof(double)), may_alias));

inline Vector load(const double* from) { return *reinterpret_cast<const UnalignedVector*>(from); }
inline void store(double* to, Vector value) { *reinterpret_cast<UnalignedVector*>(to) = value; }
inline Vector broadcast(double value) { return value - Vector{}; }

#if defined(ROW_OPERAND_IN_MEMORY)
// A broadcast kept for all vectors of a row is read more often than Zen 4 can read wide registers:
// products of a tile run at 43 GF/s, those with an operand in memory at 57.
typedef const double* RowOperand;

inline RowOperand row_operand(const double* row) { return row; }

inline Vector times(RowOperand row, Vector column) {
    Vector product;
    __asm__("vmulpd %2%{1to8%}, %1, %0" : "=v"(product) : "v"(column), "m"(*row));
    return product;
}

inline Vector difference_of(RowOperand row, Vector column) {
    Vector difference;
    __asm__("vsubpd %2%{1to8%}, %1, %0" : "=v"(difference) : "v"(column), "m"(*row));
    return difference;
}
#else
typedef Vector RowOperand;

inline RowOperand row_operand(const double* row) { return broadcast(*row); }
inline Vector times(RowOperand row, Vector column) { return row * column; }
inline Vector difference_of(RowOperand row, Vector column) { return row - column; }
#endif

struct Product {
    static Vector of(RowOperand row, Vector column) { return times(row, column); }
};

/// Whichever is taken from the other.
struct SquaredDifference {
    static Vector of(RowOperand row, Vector column) {
        const Vector difference = difference_of(row, column);
        return difference * difference;
    }
};

/// A tile held in registers.
struct Tile {
    Vector sums[panel_rows][tile_vectors];
};

inline void load_tile(Tile& tile, const double* from) {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < panel_rows; ++r) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            tile.sums[r][v] = load(from + r * tile_columns + v * VECTOR_WIDTH);
        }
    }
}

inline void store_tile(const Tile& tile, double* to) {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < panel_rows; ++r) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            store(to + r * tile_columns + v * VECTOR_WIDTH, tile.sums[r][v]);
        }
    }
}

/// Vector v of a feature across the columns of a tile.
inline Vector load_column(const double* columns, std::size_t panel_stride, std::size_t feature,
                          std::size_t v) {
    return load(columns + (v / panel_vectors) * panel_stride + feature * panel_rows +
                (v % panel_vectors) * VECTOR_WIDTH);
}

/// Adds the terms of `n_features` features to a tile.
template <class Term>
inline void add_terms(const double* rows, const double* columns, std::size_t panel_stride,
                      std::size_t n_features, Tile& tile) {
    for (std::size_t k = 0; k < n_features; ++k) {
        Vector column[tile_vectors];
#pragma GCC unroll 8
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            column[v] = load_column(columns, panel_stride, k, v);
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < panel_rows; ++r) {
            const RowOperand row = row_operand(rows + k * panel_rows + r);
#pragma GCC unroll 8
            for (std::size_t v = 0; v < tile_vectors; ++v) {
                tile.sums[r][v] += Term::of(row, column[v]);
            }
        }
    }
}

template <class Term>
inline void add_terms_to_memory(const double* rows, const double* columns, std::size_t panel_stride,
                                std::size_t n_features, double* out) {
    Tile tile;
    load_tile(tile, out);
    add_terms<Term>(rows, columns, panel_stride, n_features, tile);
    store_tile(tile, out);
}

}  // namespace
}  // namespace fastshesha
