// The kernels of nearest rows. An including file includes the file of keep_lanes_above before.
// Nothing here may have external linkage, call a library or own memory.

#include "nearest_kernels.hpp"

namespace fastshesha {
namespace {

std::size_t keep_above(const float* values, const std::uint32_t* numbers, std::size_t n,
                       float limit, float* kept_values, std::uint32_t* kept_numbers) {
    std::size_t n_kept = 0;
    for (std::size_t i = 0; i < n; i += kept_lanes) {
        n_kept += keep_lanes_above(values + i, numbers + i, limit, kept_values + n_kept,
                                   kept_numbers + n_kept);
    }
    return n_kept;
}

std::size_t count_above(const float* values, std::size_t n, float limit) {
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        count += values[i] > limit ? 1 : 0;
    }
    return count;
}

/// As products are added by the tile's kernels: rounded once where the CPU can.
inline double add_product(double sum, double row, double query) {
#if defined(PRODUCTS_FUSE)
    return __builtin_fma(row, query, sum);
#else
    return sum + row * query;
#endif
}

constexpr std::size_t rows_beside = 8;

/// Sums of several rows side by side, which do not wait for each other.
inline void add_products_of(const double* query, const double* const* rows, std::size_t n_features,
                            double* sums) {
    double sum[rows_beside];
    for (std::size_t i = 0; i < rows_beside; ++i) {
        sum[i] = sums[i];
    }
    for (std::size_t k = 0; k < n_features; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < rows_beside; ++i) {
            sum[i] = add_product(sum[i], rows[i][k], query[k]);
        }
    }
    for (std::size_t i = 0; i < rows_beside; ++i) {
        sums[i] = sum[i];
    }
}

void add_row_products(const double* query, const double* const* rows, std::size_t n_rows,
                      std::size_t n_features, double* sums) {
    std::size_t i = 0;
    for (; i + rows_beside <= n_rows; i += rows_beside) {
        add_products_of(query, rows + i, n_features, sums + i);
    }
    if (i == n_rows) {
        return;
    }
    const double* last_rows[rows_beside];
    double last_sums[rows_beside] = {};
    for (std::size_t j = 0; j < rows_beside; ++j) {
        last_rows[j] = rows[i + j < n_rows ? i + j : i];
    }
    __builtin_memcpy(last_sums, sums + i, (n_rows - i) * sizeof(double));
    add_products_of(query, last_rows, n_features, last_sums);
    __builtin_memcpy(sums + i, last_sums, (n_rows - i) * sizeof(double));
}

typedef double PlaceValues __attribute__((vector_size(PLACE_LANES * sizeof(double))));
typedef long long PlaceCounts __attribute__((vector_size(PLACE_LANES * sizeof(double))));

/// Counts in lane l whether values[t] stands before values[l], for all lanes.
inline PlaceCounts places_within(const double* values, PlaceValues own) {
    PlaceCounts lanes;
    for (std::size_t lane = 0; lane < PLACE_LANES; ++lane) {
        lanes[lane] = static_cast<long long>(lane);
    }
    PlaceCounts counts = {};
#pragma GCC unroll 8
    for (std::size_t t = 0; t < PLACE_LANES; ++t) {
        const PlaceCounts is_later = lanes > static_cast<long long>(t);
        counts -= (values[t] > own) | ((values[t] == own) & is_later);
    }
    return counts;
}

void find_places(const double* values, std::size_t n, std::uint32_t* places) {
    for (std::size_t i = 0; i < n; i += PLACE_LANES) {
        const std::size_t n_lanes = n - i < PLACE_LANES ? n - i : PLACE_LANES;
        double some[PLACE_LANES];
        for (std::size_t lane = 0; lane < PLACE_LANES; ++lane) {
            some[lane] = lane < n_lanes ? values[i + lane] : -__builtin_inf();
        }
        PlaceValues own;
        __builtin_memcpy(&own, some, sizeof own);
        PlaceCounts counts = places_within(some, own);
        for (std::size_t j = 0; j < i; ++j) {
            counts -= values[j] >= own;
        }
        for (std::size_t j = i + n_lanes; j < n; ++j) {
            counts -= values[j] > own;
        }
        for (std::size_t lane = 0; lane < n_lanes; ++lane) {
            places[i + lane] = static_cast<std::uint32_t>(counts[lane]);
        }
    }
}

}  // namespace
}  // namespace fastshesha

#define FASTSHESHA_DEFINE_NEAREST(level)     \
    namespace fastshesha {                   \
    const NearestKernels nearest_##level = { \
        keep_above,                          \
        count_above,                         \
        add_row_products,                    \
        find_places,                         \
    };                                       \
    }
