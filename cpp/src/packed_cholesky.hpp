#pragma once

#include <cstddef>
#include <functional>

#include "kernels/kernels.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Writes entries [first_column, first_column + n_columns) of a row of a symmetric matrix.
using MatrixRow = std::function<void(std::size_t row, std::size_t first_column,
                                     std::size_t n_columns, double* out)>;

/// Cholesky's factor L of a symmetric positive definite matrix. Its rows are packed as the tile
/// kernels want them, so that what earlier columns take from a tile is one call of a kernel.
class PackedCholesky {
public:
    explicit PackedCholesky(const Kernels& kernels);

    /// Factorises a matrix of n rows, of which each entry at or below the diagonal is asked for
    /// once. False where it is not positive definite.
    bool factorise(std::size_t n, const MatrixRow& entries);

    /// Turns the right side b, of n values, into the solution.
    void solve(double* b) const;

private:
    void subtract_products(std::size_t first_row, std::size_t first_column,
                           const MatrixRow& entries, double* tile) const;
    bool factorise_block(std::size_t first_column, const MatrixRow& entries);
    void finish_panel(std::size_t first_row, std::size_t first_column, const double* tile);
    template <std::size_t n_rows>
    void substitute(double* b) const;
    double* panel(std::size_t first_row) { return factor_.data() + first_row * padded_; }
    const double* panel(std::size_t first_row) const {
        return factor_.data() + first_row * padded_;
    }

    const Kernels& kernels_;
    const std::size_t panel_rows_;
    const std::size_t block_columns_;
    std::size_t n_ = 0;
    std::size_t padded_ = 0;
    WorkBuffer<double> factor_;
    /// The factor of the block on the diagonal, row after row, and what divides each column.
    double block_[max_tile_columns][max_tile_columns] = {};
    double inverse_[max_tile_columns] = {};
};

}  // namespace fastshesha
