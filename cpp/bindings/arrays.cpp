#include "arrays.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "fastshesha/error.hpp"

namespace fastshesha::python {
namespace {

struct DtypeEntry {
    char kind;
    py::ssize_t size;
    ElementType type;
};

constexpr DtypeEntry dtype_table[] = {
    {'b', 1, ElementType::boolean},
    {'i', 1, ElementType::int8},
    {'i', 2, ElementType::int16},
    {'i', 4, ElementType::int32},
    {'i', 8, ElementType::int64},
    {'u', 1, ElementType::uint8},
    {'u', 2, ElementType::uint16},
    {'u', 4, ElementType::uint32},
    {'u', 8, ElementType::uint64},
    {'f', 2, ElementType::float16},
    {'f', 4, ElementType::float32},
    {'f', 8, ElementType::float64},
    // numpy has no bfloat16; the Python side hands out its bits as two bytes without a meaning.
    {'V', 2, ElementType::bfloat16},
};

ElementType element_type(const py::dtype& dtype) {
    for (const DtypeEntry& entry : dtype_table) {
        if (dtype.kind() == entry.kind && dtype.itemsize() == entry.size) {
            return entry.type;
        }
    }
    throw std::invalid_argument("X has dtype " + py::str(dtype).cast<std::string>() +
                                "; accepted are booleans, integers, bfloat16, float16, float32 "
                                "and float64");
}

/// numpy marks the machine's own order by '=', but some dtypes name it.
bool is_swapped(const py::dtype& dtype) {
    return dtype.byteorder() == (std::endian::native == std::endian::little ? '>' : '<');
}

std::vector<std::int64_t> checked_half(const IndexArray& half, std::size_t n_columns) {
    std::vector<std::int64_t> indices = copy_indices(half);
    require(std::all_of(indices.begin(), indices.end(),
                        [n_columns](std::int64_t index) {
                            return index >= 0 && static_cast<std::size_t>(index) < n_columns;
                        }),
            "a feature index lies outside X");
    return indices;
}

}  // namespace

MatrixView view_matrix(const py::array& X) {
    require(X.ndim() == 2, "X must be two-dimensional");
    return {static_cast<const std::byte*>(X.data()),
            element_type(X.dtype()),
            static_cast<std::size_t>(X.shape(0)),
            static_cast<std::size_t>(X.shape(1)),
            X.strides(0),
            X.strides(1),
            is_swapped(X.dtype())};
}

std::vector<std::int64_t> copy_indices(const IndexArray& indices) {
    return {indices.data(), indices.data() + indices.size()};
}

HeldHalves::HeldHalves(const IndexArray& first, const IndexArray& second, std::size_t n_columns)
    : first_(checked_half(first, n_columns)), second_(checked_half(second, n_columns)) {
    require(first.ndim() == 2 && second.ndim() == 2 && first.shape(0) == second.shape(0) &&
                first.shape(1) == second.shape(1),
            "first and second must be two-dimensional and of one shape");
    n_splits_ = static_cast<std::size_t>(first.shape(0));
    half_size_ = static_cast<std::size_t>(first.shape(1));
}

FeatureHalves HeldHalves::view() const {
    return {first_.data(), second_.data(), n_splits_, half_size_};
}

}  // namespace fastshesha::python
