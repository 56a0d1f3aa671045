// The kernels that round after every step. See tile.inl for what an including file defines.

#include "place.inl"
#include "tile.inl"
#include "weighted_sums.inl"

namespace fastshesha {
namespace {

void add_products(const double* rows, const double* columns, std::size_t panel_stride,
                  std::size_t n_features, double* tile) {
    add_terms_to_memory<Product>(rows, columns, panel_stride, n_features, tile);
}

void add_listed_products(const ListedFeatures& row, const double* columns, std::size_t panel_stride,
                         double* sums) {
    Vector sum[tile_vectors];
    for (std::size_t v = 0; v < tile_vectors; ++v) {
        sum[v] = load(sums + v * VECTOR_WIDTH);
    }
    for (std::size_t i = 0; i < row.n; ++i) {
        const Vector value = broadcast(row.values[i]);
#pragma GCC unroll 8
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            sum[v] += value * load_column(columns, panel_stride, row.features[i], v);
        }
    }
    for (std::size_t v = 0; v < tile_vectors; ++v) {
        store(sums + v * VECTOR_WIDTH, sum[v]);
    }
}

void add_squared_differences(const double* rows, const double* columns, std::size_t panel_stride,
                             std::size_t n_features, double* tile) {
    add_terms_to_memory<SquaredDifference>(rows, columns, panel_stride, n_features, tile);
}

void add_squares(const double* panel, std::size_t n_features, double* sums) {
    for (std::size_t v = 0; v < panel_vectors; ++v) {
        Vector sum = load(sums + v * VECTOR_WIDTH);
        for (std::size_t k = 0; k < n_features; ++k) {
            const Vector value = load(panel + k * panel_rows + v * VECTOR_WIDTH);
            sum += value * value;
        }
        store(sums + v * VECTOR_WIDTH, sum);
    }
}

void listed_squares(const double* panel, const std::uint32_t* features, std::size_t n,
                    double* squares) {
    for (std::size_t v = 0; v < panel_vectors; ++v) {
        const double* const lanes = panel + v * VECTOR_WIDTH;
        const auto square = [=](std::size_t k) {
            const Vector value = load(lanes + features[k] * panel_rows);
            return value * value;
        };
        Vector even = {};
        Vector odd = {};
        for (std::size_t k = 0; k + 1 < n; k += 2) {
            even += square(k);
            odd += square(k + 1);
        }
        const Vector sum = even + odd;
        store(squares + v * VECTOR_WIDTH, n % 2 == 0 ? sum : sum + square(n - 1));
    }
}

void cosine_distances(const double* dots, double row_norm, const double* column_norms,
                      double* out) {
    const Vector one = broadcast(1.0);
    for (std::size_t c = 0; c < tile_columns; c += VECTOR_WIDTH) {
        Vector cosine = load(dots + c) / (row_norm * load(column_norms + c));
        // Comparisons are false for NaN, which passes through.
        cosine = cosine > one ? one : cosine;
        cosine = cosine < -one ? -one : cosine;
        store(out + c, one - cosine);
    }
}

void scaled_distances(const double* dots, double inverse_norm, const double* inverse_norms,
                      double* out) {
    const Vector one = broadcast(1.0);
    for (std::size_t c = 0; c < tile_columns; c += VECTOR_WIDTH) {
        store(out + c, one - load(dots + c) * (inverse_norm * load(inverse_norms + c)));
    }
}

void scaled_tile(const double* sums, const double* totals, const double* row_inverse_norms,
                 const double* column_inverse_norms, double* out, ExtremeLanes& extremes) {
    const Vector one = broadcast(1.0);
    Vector low = load(extremes.lowest);
    Vector high = load(extremes.highest);
    Vector of_columns[tile_vectors];
    for (std::size_t v = 0; v < tile_vectors; ++v) {
        of_columns[v] = load(column_inverse_norms + v * VECTOR_WIDTH);
    }
    for (std::size_t r = 0; r < panel_rows; ++r) {
        const Vector of_row = broadcast(row_inverse_norms[r]);
        for (std::size_t v = 0; v < tile_vectors; ++v) {
            const std::size_t e = r * tile_columns + v * VECTOR_WIDTH;
            const Vector sum = load(sums + e);
            const Vector dots = totals == nullptr ? sum : load(totals + e) - sum;
            const Vector distance = one - dots * (of_row * of_columns[v]);
            low = distance < low ? distance : low;
            high = distance > high ? distance : high;
            store(out + e, distance);
        }
    }
    store(extremes.lowest, low);
    store(extremes.highest, high);
}

void add_multiple(double factor, const double* values, double* sums) {
    for (std::size_t c = 0; c < tile_columns; c += VECTOR_WIDTH) {
        store(sums + c, load(sums + c) + factor * load(values + c));
    }
}

void add_deviations(const double* values, const double* centre, std::size_t n, double* sums) {
    for (std::size_t k = 0; k < n; ++k) {
        sums[k] += values[k] - centre[k];
    }
}

void add_squared_deviations(const double* values, const double* centre, std::size_t n,
                            double* sums) {
    for (std::size_t k = 0; k < n; ++k) {
        const double deviation = values[k] - centre[k];
        sums[k] += deviation * deviation;
    }
}

/// add_row_moments for N vectors of columns, whose sums stay in registers.
template <std::size_t N>
void add_vector_moments(const ClassedRows& rows, const double* centre, std::size_t k, double* sums,
                        double* squares) {
    Vector sum[N];
    Vector square[N];
    for (std::size_t v = 0; v < N; ++v) {
        sum[v] = load(sums + k + v * VECTOR_WIDTH);
        square[v] = load(squares + k + v * VECTOR_WIDTH);
    }
    for (std::size_t row = 0; row < rows.n; ++row) {
        const double* const values = rows.values[row] + k;
        double* const class_sums = rows.class_sums[row] + k;
        for (std::size_t v = 0; v < N; ++v) {
            const Vector value = load(values + v * VECTOR_WIDTH);
            const Vector deviation = value - load(centre + k + v * VECTOR_WIDTH);
            store(class_sums + v * VECTOR_WIDTH, load(class_sums + v * VECTOR_WIDTH) + value);
            sum[v] += value;
            square[v] += deviation * deviation;
        }
    }
    for (std::size_t v = 0; v < N; ++v) {
        store(sums + k + v * VECTOR_WIDTH, sum[v]);
        store(squares + k + v * VECTOR_WIDTH, square[v]);
    }
}

void add_row_moments(const ClassedRows& rows, const double* centre, std::size_t n, double* sums,
                     double* squares) {
    constexpr std::size_t n_vectors = 4;
    std::size_t k = 0;
    for (; k + n_vectors * VECTOR_WIDTH <= n; k += n_vectors * VECTOR_WIDTH) {
        add_vector_moments<n_vectors>(rows, centre, k, sums, squares);
    }
    for (; k + VECTOR_WIDTH <= n; k += VECTOR_WIDTH) {
        add_vector_moments<1>(rows, centre, k, sums, squares);
    }
    for (; k < n; ++k) {
        for (std::size_t row = 0; row < rows.n; ++row) {
            const double value = rows.values[row][k];
            const double deviation = value - centre[k];
            rows.class_sums[row][k] += value;
            sums[k] += value;
            squares[k] += deviation * deviation;
        }
    }
}

void square_roots(const double* squares, double* out) {
    for (std::size_t c = 0; c < tile_columns; ++c) {
        out[c] = __builtin_sqrt(squares[c]);
    }
}

constexpr std::int64_t column_bits[] = {
    1 << 0,  1 << 1,  1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
    1 << 8,  1 << 9,  1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15,
    1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 21, 1 << 22, 1 << 23,
};

inline std::uint32_t row_columns_above(const double* values, double limit) {
    const Vector limits = broadcast(limit);
    Mask columns = {};
    for (std::size_t c = 0; c < tile_columns; c += VECTOR_WIDTH) {
        Mask bits;
        __builtin_memcpy(&bits, column_bits + c, sizeof bits);
        columns |= load(values + c) <= limits ? Mask{} : bits;
    }
    long long found = 0;
    for (std::size_t lane = 0; lane < VECTOR_WIDTH; ++lane) {
        found |= columns[lane];
    }
    return static_cast<std::uint32_t>(found);
}

void columns_above(const double* tile, const double* limits, std::uint32_t* columns) {
    for (std::size_t r = 0; r < panel_rows; ++r) {
        columns[r] = row_columns_above(tile + r * tile_columns, limits[r]);
    }
}

std::size_t count_above(const double* values, std::size_t n, double limit) {
    const Vector limits = broadcast(limit);
    Mask counts = {};
    std::size_t i = 0;
    for (; i + VECTOR_WIDTH <= n; i += VECTOR_WIDTH) {
        counts -= load(values + i) > limits;
    }
    std::size_t count = 0;
    for (std::size_t lane = 0; lane < VECTOR_WIDTH; ++lane) {
        count += static_cast<std::size_t>(counts[lane]);
    }
    for (; i < n; ++i) {
        count += values[i] > limit ? 1 : 0;
    }
    return count;
}

void extremes(const double* values, std::size_t n, double* lowest, double* highest) {
    Vector low = broadcast(values[0]);
    Vector high = low;
    std::size_t i = 0;
    for (; i + VECTOR_WIDTH <= n; i += VECTOR_WIDTH) {
        const Vector value = load(values + i);
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    *lowest = low[0];
    *highest = high[0];
    for (std::size_t lane = 1; lane < VECTOR_WIDTH; ++lane) {
        *lowest = low[lane] < *lowest ? low[lane] : *lowest;
        *highest = high[lane] > *highest ? high[lane] : *highest;
    }
    for (; i < n; ++i) {
        *lowest = values[i] < *lowest ? values[i] : *lowest;
        *highest = values[i] > *highest ? values[i] : *highest;
    }
}

}  // namespace
}  // namespace fastshesha

// The arguments after the level are the table's last entries: kernels of other files or nullptr.
#define FASTSHESHA_DEFINE_KERNELS(name, simd_level, ...) \
    namespace fastshesha {                               \
    extern const Kernels name;                           \
    const Kernels name = {                               \
        simd_level,                                      \
        PANEL_ROWS,                                      \
        TILE_PANELS,                                     \
        add_products,                                    \
        add_listed_products,                             \
        add_squared_differences,                         \
        add_squares,                                     \
        listed_squares,                                  \
        cosine_distances,                                \
        scaled_distances,                                \
        scaled_tile,                                     \
        add_multiple,                                    \
        add_deviations,                                  \
        add_squared_deviations,                          \
        add_row_moments,                                 \
        square_roots,                                    \
        columns_above,                                   \
        count_above,                                     \
        extremes,                                        \
        count_clear,                                     \
        place_items,                                     \
        add_weighted_moments,                            \
        __VA_ARGS__,                                     \
    };                                                   \
    }
