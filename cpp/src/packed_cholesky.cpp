#include "packed_cholesky.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace fastshesha {
namespace {

/// Solves X block' = tile for as many rows as a panel has, into the panel's columns.
template <std::size_t n_rows>
void solve_rows(const double (&block)[max_tile_columns][max_tile_columns], const double* inverse,
                std::size_t n_columns, const double* tile, double* columns) {
    for (std::size_t c = 0; c < n_columns; ++c) {
        double values[n_rows];
        for (std::size_t r = 0; r < n_rows; ++r) {
            values[r] = tile[r * n_columns + c];
        }
        for (std::size_t k = 0; k < c; ++k) {
            for (std::size_t r = 0; r < n_rows; ++r) {
                values[r] -= block[c][k] * columns[k * n_rows + r];
            }
        }
        for (std::size_t r = 0; r < n_rows; ++r) {
            columns[c * n_rows + r] = values[r] * inverse[c];
        }
    }
}

/// Rows [first, first + n_rows) of L y = b, where earlier ones are solved.
template <std::size_t n_rows>
void forward(const double* panel, std::size_t first, double* b) {
    double sums[n_rows] = {};
    for (std::size_t k = 0; k < first; ++k) {
        for (std::size_t r = 0; r < n_rows; ++r) {
            sums[r] += panel[k * n_rows + r] * b[k];
        }
    }
    for (std::size_t r = 0; r < n_rows; ++r) {
        for (std::size_t k = 0; k < r; ++k) {
            sums[r] += panel[(first + k) * n_rows + r] * b[first + k];
        }
        b[first + r] = (b[first + r] - sums[r]) / panel[(first + r) * n_rows + r];
    }
}

/// The same rows of L' x = y, where later ones are solved and taken from those before.
template <std::size_t n_rows>
void backward(const double* panel, std::size_t first, double* b) {
    for (std::size_t r = n_rows; r-- > 0;) {
        b[first + r] /= panel[(first + r) * n_rows + r];
        for (std::size_t k = 0; k < r; ++k) {
            b[first + k] -= panel[(first + k) * n_rows + r] * b[first + r];
        }
    }
    for (std::size_t k = 0; k < first; ++k) {
        double sum = 0.0;
        for (std::size_t r = 0; r < n_rows; ++r) {
            sum += panel[k * n_rows + r] * b[first + r];
        }
        b[k] -= sum;
    }
}

}  // namespace

PackedCholesky::PackedCholesky(const Kernels& kernels)
    : kernels_(kernels),
      panel_rows_(kernels.panel_rows),
      block_columns_(kernels.tile_panels * kernels.panel_rows) {}

bool PackedCholesky::factorise(std::size_t n, const MatrixRow& entries) {
    n_ = n;
    padded_ = (n + block_columns_ - 1) / block_columns_ * block_columns_;
    factor_.resize(std::max(factor_.size(), padded_ * padded_));
    for (std::size_t column = 0; column < padded_; column += block_columns_) {
        if (!factorise_block(column, entries)) {
            return false;
        }
        alignas(64) double tile[max_panel_rows * max_tile_columns];
        for (std::size_t row = column + block_columns_; row < padded_; row += panel_rows_) {
            subtract_products(row, column, entries, tile);
            finish_panel(row, column, tile);
        }
    }
    return true;
}

/// What the matrix holds in a tile, less the products of the columns before it. Rows beyond the
/// last are those of the identity.
void PackedCholesky::subtract_products(std::size_t first_row, std::size_t first_column,
                                       const MatrixRow& entries, double* tile) const {
    std::fill_n(tile, panel_rows_ * block_columns_, 0.0);
    const auto add = kernels_.add_products_fused != nullptr ? kernels_.add_products_fused
                                                            : kernels_.add_products;
    add(panel(first_row), panel(first_column), panel_rows_ * padded_, first_column, tile);
    for (std::size_t r = 0; r < panel_rows_; ++r) {
        const std::size_t row = first_row + r;
        double values[max_tile_columns] = {};
        if (row < n_) {
            entries(row, first_column, std::min(block_columns_, row + 1 - first_column), values);
        } else if (row < first_column + block_columns_) {
            values[row - first_column] = 1.0;
        }
        for (std::size_t c = 0; c < block_columns_; ++c) {
            tile[r * block_columns_ + c] = values[c] - tile[r * block_columns_ + c];
        }
    }
}

/// The block on the diagonal, entry by entry.
bool PackedCholesky::factorise_block(std::size_t first_column, const MatrixRow& entries) {
    alignas(64) double tile[max_panel_rows * max_tile_columns];
    for (std::size_t i = 0; i < block_columns_; ++i) {
        const std::size_t r = i % panel_rows_;
        if (r == 0) {
            subtract_products(first_column + i, first_column, entries, tile);
        }
        double* const columns = panel(first_column + i - r) + first_column * panel_rows_;
        for (std::size_t c = 0; c <= i; ++c) {
            double value = tile[r * block_columns_ + c];
            for (std::size_t k = 0; k < c; ++k) {
                value -= block_[i][k] * block_[c][k];
            }
            if (c == i && !(value > 0.0)) {
                return false;
            }
            block_[i][c] = c == i ? std::sqrt(value) : value * inverse_[c];
            columns[c * panel_rows_ + r] = block_[i][c];
        }
        inverse_[i] = 1.0 / block_[i][i];
    }
    return true;
}

void PackedCholesky::finish_panel(std::size_t first_row, std::size_t first_column,
                                  const double* tile) {
    double* const columns = panel(first_row) + first_column * panel_rows_;
    const auto solve = panel_rows_ == max_panel_rows ? solve_rows<max_panel_rows>
                                                     : solve_rows<smallest_panel_rows>;
    solve(block_, inverse_, block_columns_, tile, columns);
}

void PackedCholesky::solve(double* b) const {
    if (panel_rows_ == max_panel_rows) {
        substitute<max_panel_rows>(b);
    } else {
        substitute<smallest_panel_rows>(b);
    }
}

template <std::size_t n_rows>
void PackedCholesky::substitute(double* b) const {
    std::vector<double> values(b, b + n_);
    values.resize(padded_, 0.0);
    for (std::size_t first = 0; first < padded_; first += n_rows) {
        forward<n_rows>(panel(first), first, values.data());
    }
    for (std::size_t first = padded_; first > 0; first -= n_rows) {
        backward<n_rows>(panel(first - n_rows), first - n_rows, values.data());
    }
    std::copy_n(values.begin(), n_, b);
}

}  // namespace fastshesha
