#include "row_reader.hpp"

#include <algorithm>
#include <cmath>

#include "pairwise_mean.hpp"

namespace fastshesha {
namespace {

// Squares outside lose digits or overflow.
constexpr double smallest_square = 1e-290;
constexpr double largest_square = 1e290;
// Products of rows of such a half square stay within float32.
constexpr double largest_single_offset = 1e30;

/// In eight partial sums, for speed; the order is fixed.
double sum_of_products(const double* a, const double* b, std::size_t n) {
    double partial[8] = {};
    std::size_t k = 0;
    for (; k + 8 <= n; k += 8) {
        for (std::size_t lane = 0; lane < 8; ++lane) {
            partial[lane] += a[k + lane] * b[k + lane];
        }
    }
    for (; k < n; ++k) {
        partial[k % 8] += a[k] * b[k];
    }
    return ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
           ((partial[2] + partial[6]) + (partial[3] + partial[7]));
}

/// Widens a row, less its centre. False where it has no direction or its square, which is told,
/// leaves the range of float64.
bool read_centred_row(const StreamSide& side, std::size_t row, double* out, double& square) {
    const std::size_t n = side.columns.size();
    gather_row(side.X, row, side.columns.data(), n, out);
    if (side.centre != nullptr) {
        for (std::size_t k = 0; k < n; ++k) {
            out[k] -= side.centre[k];
        }
    }
    if (side.metric == Metric::correlation) {
        subtract_mean(out, n);
    }
    square = sum_of_products(out, out, n);
    return square <= largest_square &&
           (side.metric == Metric::euclidean || square >= smallest_square);
}

/// Writes a row of a side whose tiles are in float64, scaled.
void finish_row(const StreamSide&, const double* wide, std::size_t n, double scale, double* out,
                double&) {
    for (std::size_t k = 0; k < n; ++k) {
        out[k] = wide[k] * scale;
    }
}

/// The same in float32. A row u of unit length leaves the centre c behind: u.v - |c|^2 is the
/// product of what is left of two rows, less their offsets |c|^2 - u.c.
void finish_row(const StreamSide& side, const double* wide, std::size_t n, double scale, float* out,
                double& offset) {
    const double* centre = side.single.centre;
    if (offset > largest_single_offset) {
        // Farther from all other rows than any of them is, whatever the direction.
        offset = largest_single_offset;
        scale = 0.0;
    }
    if (centre == nullptr) {
        for (std::size_t k = 0; k < n; ++k) {
            out[k] = static_cast<float>(wide[k] * scale);
        }
        return;
    }
    for (std::size_t k = 0; k < n; ++k) {
        out[k] = static_cast<float>(wide[k] * scale - centre[k]);
    }
    offset = side.single.shift - scale * sum_of_products(centre, wide, n);
}

}  // namespace

bool has_similarities(const StreamSide& side, std::size_t row, double* scratch) {
    double square = 0.0;
    return read_centred_row(side, row, scratch, square);
}

template <class Scalar>
RowReader<Scalar>::RowReader(const StreamPair& pair) : pair_(pair) {
    const std::size_t second = pair.codes == nullptr ? pair.b.columns.size() : 0;
    wide_.resize(std::max(pair.a.columns.size(), second));
    values_[0].resize(pair.a.columns.size());
    values_[1].resize(second);
}

template <class Scalar>
bool RowReader<Scalar>::read_side(const StreamSide& side, std::size_t row, Scalar* values,
                                  Scalar& offset) {
    const std::size_t n = side.columns.size();
    double square = 0.0;
    const bool is_defined = read_centred_row(side, row, wide_.data(), square);
    double scale = is_defined ? 1.0 : 0.0;
    double wide_offset = 0.0;
    if (!is_defined) {
        // No number times zero may be left.
        std::fill_n(wide_.data(), n, 0.0);
    } else if (side.metric == Metric::euclidean) {
        wide_offset = 0.5 * square;
    } else {
        scale = 1.0 / std::sqrt(square);
    }
    finish_row(side, wide_.data(), n, scale, values, wide_offset);
    offset = static_cast<Scalar>(wide_offset);
    return is_defined;
}

template <class Scalar>
bool RowReader<Scalar>::read(std::size_t row) {
    bool is_defined = read_side(pair_.a, row, values_[0].data(), offset_[0]);
    if (pair_.codes == nullptr) {
        is_defined &= read_side(pair_.b, row, values_[1].data(), offset_[1]);
    }
    return is_defined;
}

template <class Scalar>
void RowReader<Scalar>::prefetch(std::size_t row) const {
    prefetch_row(pair_.a.X, row, 0, pair_.a.X.n_columns);
    if (pair_.codes == nullptr && pair_.b.X.data != pair_.a.X.data) {
        prefetch_row(pair_.b.X, row, 0, pair_.b.X.n_columns);
    }
}

template class RowReader<float>;
template class RowReader<double>;

}  // namespace fastshesha
