#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "arrays.hpp"
#include "fastshesha/tile_stream.hpp"

namespace fastshesha::python {

/// Indices below a limit, checked once.
std::vector<std::int64_t> checked_indices(const IndexArray& indices, std::size_t limit,
                                          const char* message);

/// A plan of pairs with its rows.
class HeldPlan {
public:
    HeldPlan(const IndexArray& rows, std::size_t n_rows, std::size_t n_blocks, std::size_t n_rounds,
             std::size_t rows_per_tile);
    PairPlan view() const { return {rows_, n_blocks_, n_rounds_, rows_per_tile_}; }
    std::size_t n_states() const { return std::max<std::size_t>(1, n_rounds_); }

    /// Two arrays of similarities that write(a, b) fills, with NaN between them.
    template <class Write>
    py::tuple written(const Write& write) const {
        const std::size_t block = (rows_.size() + n_blocks_ - 1) / n_blocks_;
        const std::size_t size = n_blocks_ * block * similarities_per_row(view());
        DoubleArray a(static_cast<py::ssize_t>(size));
        DoubleArray b(static_cast<py::ssize_t>(size));
        double* to[] = {a.mutable_data(), b.mutable_data()};
        without_gil([&] {
            std::fill_n(to[0], size, std::numeric_limits<double>::quiet_NaN());
            std::fill_n(to[1], size, std::numeric_limits<double>::quiet_NaN());
            write(to[0], to[1]);
        });
        return py::make_tuple(a, b);
    }

private:
    std::vector<std::int64_t> rows_;
    std::size_t n_blocks_;
    std::size_t n_rounds_;
    std::size_t rows_per_tile_;
};

}  // namespace fastshesha::python
