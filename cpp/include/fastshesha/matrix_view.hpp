#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

enum class ElementType {
    boolean,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    float16,
    bfloat16,
    float32,
    float64,
};

/// A matrix that somebody else owns, read as it lies. Strides are in bytes and may be negative
/// or zero; elements may be unaligned.
struct MatrixView {
    const std::byte* data = nullptr;
    ElementType type = ElementType::float64;
    std::size_t n_rows = 0;
    std::size_t n_columns = 0;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t column_stride = 0;
    /// Whether the bytes of an element are in the order that is not the machine's.
    bool is_swapped = false;
};

/// Widens row `row`, columns [first_column, first_column + n), to float64.
void read_row(const MatrixView& X, std::size_t row, std::size_t first_column, std::size_t n,
              double* out);

/// The same elements where they lie, if they can be read there as float64, else in `buffer`.
const double* view_row(const MatrixView& X, std::size_t row, std::size_t first_column,
                       std::size_t n, double* buffer);

/// Widens the elements of row `row` in the given columns, in that order, to float64.
/// The columns are trusted: whoever takes them from outside checks them once.
void gather_row(const MatrixView& X, std::size_t row, const std::int64_t* columns, std::size_t n,
                double* out);

/// Asks the memory for what is read of a row, where it lies close together.
void prefetch_row(const MatrixView& X, std::size_t row, std::size_t first_column, std::size_t n);

}  // namespace fastshesha
