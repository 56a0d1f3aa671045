#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fastshesha/matrix_view.hpp"
#include "kernels/kernels.hpp"
#include "kernels/nearest_kernels.hpp"

namespace fastshesha {

/// Products of a query with single rows, rounded as those of the tiles.
class RowProducts {
public:
    RowProducts(const MatrixView& rows, const NearestKernels& kernels)
        : rows_(rows),
          kernels_(kernels),
          query_(rows.n_columns),
          buffer_(std::make_unique_for_overwrite<double[]>(max_tile_columns * rows.n_columns)) {}

    void set_query(const MatrixView& queries, std::size_t query) {
        read_row(queries, query, 0, query_.size(), query_.data());
    }

    /// Adds the products with at most max_tile_columns rows to their sums.
    void add_to(double* sums, std::span<const std::uint32_t> rows) {
        const double* values[max_tile_columns];
        for (std::size_t i = 0; i < rows.size(); ++i) {
            values[i] =
                view_row(rows_, rows[i], 0, query_.size(), buffer_.get() + i * query_.size());
        }
        kernels_.add_row_products(query_.data(), values, rows.size(), query_.size(), sums);
    }

private:
    const MatrixView rows_;
    const NearestKernels& kernels_;
    std::vector<double> query_;
    std::unique_ptr<double[]> buffer_;
};

}  // namespace fastshesha
