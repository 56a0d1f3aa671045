#include "fastshesha/matrix_view.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "cache_line.hpp"

namespace fastshesha {
namespace {

struct Half {
    std::uint16_t bits;
};

struct Brain {
    std::uint16_t bits;
};

/// IEEE binary16 to binary64. Moving the exponent and fraction up and multiplying by 2^1008
/// rebases the exponent and normalises subnormals in one exact step.
double widen(Half half) {
    const std::uint64_t sign = static_cast<std::uint64_t>(half.bits & 0x8000u) << 48;
    const std::uint64_t magnitude = static_cast<std::uint64_t>(half.bits & 0x7fffu) << 42;
    if ((half.bits & 0x7c00u) == 0x7c00u) {
        return std::bit_cast<double>(sign | 0x7ff0000000000000u | magnitude);
    }
    return std::bit_cast<double>(
        sign | std::bit_cast<std::uint64_t>(std::bit_cast<double>(magnitude) * 0x1p1008));
}

/// bfloat16 to binary64: the upper half of a binary32.
double widen(Brain brain) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(brain.bits) << 16);
}

template <class T>
double widen(T value) {
    return static_cast<double>(value);
}

template <class T, bool Swapped>
double load(const std::byte* address) {
    T value;
    if constexpr (Swapped) {
        std::byte reversed[sizeof(T)];
        std::reverse_copy(address, address + sizeof(T), reversed);
        std::memcpy(&value, reversed, sizeof value);
    } else {
        std::memcpy(&value, address, sizeof value);
    }
    return widen(value);
}

/// Widens n elements that lie side by side.
template <class T, bool Swapped>
void widen_neighbours(const std::byte* start, std::size_t n, double* out) {
    if constexpr (std::is_same_v<T, double> && !Swapped) {
        std::memcpy(out, start, n * sizeof(double));
    } else {
        for (std::size_t k = 0; k < n; ++k) {
            out[k] = load<T, Swapped>(start + k * sizeof(T));
        }
    }
}

/// Calls use(T{}) with the element type that `type` names.
template <class Use>
void with_element_type(ElementType type, const Use& use) {
    switch (type) {
        case ElementType::boolean:
        case ElementType::uint8: return use(std::uint8_t{});
        case ElementType::int8: return use(std::int8_t{});
        case ElementType::int16: return use(std::int16_t{});
        case ElementType::int32: return use(std::int32_t{});
        case ElementType::int64: return use(std::int64_t{});
        case ElementType::uint16: return use(std::uint16_t{});
        case ElementType::uint32: return use(std::uint32_t{});
        case ElementType::uint64: return use(std::uint64_t{});
        case ElementType::float16: return use(Half{});
        case ElementType::bfloat16: return use(Brain{});
        case ElementType::float32: return use(float{});
        case ElementType::float64: return use(double{});
    }
}

/// Calls use(T{}, swapped) with the element type of the matrix and whether its bytes are in the
/// other order, both known at compile time.
template <class Use>
void with_elements(const MatrixView& X, const Use& use) {
    with_element_type(X.type, [&]<class T>(T element) {
        if (X.is_swapped) {
            use(element, std::true_type{});
        } else {
            use(element, std::false_type{});
        }
    });
}

const std::byte* row_address(const MatrixView& X, std::size_t row) {
    return X.data + static_cast<std::ptrdiff_t>(row) * X.row_stride;
}

}  // namespace

void read_row(const MatrixView& X, std::size_t row, std::size_t first_column, std::size_t n,
              double* out) {
    const std::byte* start =
        row_address(X, row) + static_cast<std::ptrdiff_t>(first_column) * X.column_stride;
    with_elements(X, [&]<class T, bool Swapped>(T, std::bool_constant<Swapped>) {
        if (X.column_stride == static_cast<std::ptrdiff_t>(sizeof(T))) {
            widen_neighbours<T, Swapped>(start, n, out);
            return;
        }
        for (std::size_t k = 0; k < n; ++k) {
            out[k] = load<T, Swapped>(start + static_cast<std::ptrdiff_t>(k) * X.column_stride);
        }
    });
}

const double* view_row(const MatrixView& X, std::size_t row, std::size_t first_column,
                       std::size_t n, double* buffer) {
    const std::byte* start =
        row_address(X, row) + static_cast<std::ptrdiff_t>(first_column) * X.column_stride;
    const bool are_neighbours = X.column_stride == sizeof(double) || n == 1;
    if (X.type == ElementType::float64 && !X.is_swapped && are_neighbours &&
        reinterpret_cast<std::uintptr_t>(start) % alignof(double) == 0) {
        return reinterpret_cast<const double*>(start);
    }
    read_row(X, row, first_column, n, buffer);
    return buffer;
}

void gather_row(const MatrixView& X, std::size_t row, const std::int64_t* columns, std::size_t n,
                double* out) {
    const std::byte* start = row_address(X, row);
    with_elements(X, [&]<class T, bool Swapped>(T, std::bool_constant<Swapped>) {
        if (X.column_stride == static_cast<std::ptrdiff_t>(sizeof(T))) {
            for (std::size_t k = 0; k < n; ++k) {
                out[k] =
                    load<T, Swapped>(start + columns[k] * static_cast<std::ptrdiff_t>(sizeof(T)));
            }
            return;
        }
        for (std::size_t k = 0; k < n; ++k) {
            out[k] =
                load<T, Swapped>(start + static_cast<std::ptrdiff_t>(columns[k]) * X.column_stride);
        }
    });
}

void prefetch_row(const MatrixView& X, std::size_t row, std::size_t first_column, std::size_t n) {
    constexpr std::size_t most_bytes = std::size_t{16} << 10;
    const std::size_t n_bytes = n * static_cast<std::size_t>(X.column_stride);
    if (X.column_stride <= 0 || n_bytes > most_bytes) {
        return;
    }
    const std::byte* start =
        row_address(X, row) + static_cast<std::ptrdiff_t>(first_column) * X.column_stride;
    for (std::size_t byte = 0; byte < n_bytes; byte += cache_line) {
        __builtin_prefetch(start + byte);
    }
}

}  // namespace fastshesha
