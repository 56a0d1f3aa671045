#include "fastshesha/variance_ratio.hpp"

#include <algorithm>
#include <vector>

#include "column_stripes.hpp"
#include "fastshesha/error.hpp"
#include "kernels/dispatch.hpp"
#include "pairwise_mean.hpp"
#include "parallel.hpp"
#include "work_buffer.hpp"

namespace fastshesha {
namespace {

// The shift is the mean of this many leading rows; a shorter matrix is centred exactly.
constexpr std::size_t shift_rows = 4096;
// The sums of a column stay in registers over so many rows.
constexpr std::size_t rows_at_once = 16;
constexpr double epsilon = 1e-12;

struct SumsOfSquares {
    double between = 0.0;
    double total = 0.0;
};

/// Class sums over some stripes of columns. A whole column belongs to one stripe and its rows are
/// added in order: no thread count changes a bit, and means equal those that numpy takes of rows
/// that lie one after the other.
class StripeSums {
public:
    StripeSums(const MatrixView& X, std::size_t first_column, std::size_t width,
               std::size_t n_classes)
        : kernels_(active_kernels()),
          X_(X),
          first_column_(first_column),
          width_(std::min(width, X.n_columns - first_column)),
          n_classes_(n_classes),
          class_sums_((n_classes + 1) * width_, 0.0),
          total_(width_, 0.0),
          shift_(width_, 0.0),
          squares_(width_, 0.0),
          values_(rows_at_once * width_) {}

    void add_rows(std::span<const std::int64_t> codes, const std::vector<std::size_t>& class_sizes,
                  const Worker& worker) {
        find_shift();
        static_assert(rows_between_looks % rows_at_once == 0);
        for (std::size_t row = 0; row < X_.n_rows; row += rows_at_once) {
            if (row % rows_between_looks == 0) {
                worker.check_interrupt();
            }
            add_block(row, codes.subspan(row, std::min(rows_at_once, X_.n_rows - row)));
        }
        // Whether numpy's mean over rows walks down the columns.
        if (X_.n_columns == 1 || columns_are_contiguous(X_)) {
            sum_columns_pairwise(codes, class_sizes);
        }
    }

    /// Writes the sums of each stripe: sum (x - m)^2 = sum (x - s)^2 - n (m - s)^2 for mean m and
    /// shift s.
    void write_stripes(const std::vector<std::size_t>& class_sizes, SumsOfSquares* stripes) const {
        for (std::size_t begin = 0; begin < width_; begin += stripe_columns) {
            const std::size_t end = std::min(width_, begin + stripe_columns);
            SumsOfSquares& result = *stripes++;
            const auto n = static_cast<double>(X_.n_rows);
            for (std::size_t k = begin; k < end; ++k) {
                const double offset = total_[k] / n - shift_[k];
                result.total += std::max(0.0, squares_[k] - n * offset * offset);
            }
            for (std::size_t c = 0; c < class_sizes.size(); ++c) {
                if (class_sizes[c] > 0) {
                    result.between +=
                        between_class(c, static_cast<double>(class_sizes[c]), begin, end);
                }
            }
        }
    }

private:
    void find_shift() {
        const std::size_t n = std::min(shift_rows, X_.n_rows);
        for (std::size_t row = 0; row < n; ++row) {
            const double* values = view_row(X_, row, first_column_, width_, values_.data());
            for (std::size_t k = 0; k < width_; ++k) {
                shift_[k] += values[k];
            }
        }
        for (double& value : shift_) {
            value /= static_cast<double>(n);
        }
    }

    /// The means decide about the last digits where the offset is large, so they follow numpy,
    /// which adds a contiguous column pairwise. Rows picked by class lie row after row again,
    /// unless there is one column.
    void sum_columns_pairwise(std::span<const std::int64_t> codes,
                              const std::vector<std::size_t>& class_sizes) {
        std::vector<double> column(X_.n_rows);
        for (std::size_t k = 0; k < width_; ++k) {
            for (std::size_t row = 0; row < X_.n_rows; ++row) {
                read_row(X_, row, first_column_ + k, 1, &column[row]);
            }
            total_[k] = pairwise_sum(column.data(), column.size());
        }
        for (std::size_t c = 0; X_.n_columns == 1 && c < class_sizes.size(); ++c) {
            std::vector<double> members;
            members.reserve(class_sizes[c]);
            for (std::size_t row = 0; row < X_.n_rows; ++row) {
                if (codes[row] == static_cast<std::int64_t>(c)) {
                    members.push_back(column[row]);
                }
            }
            class_sums_[c] = pairwise_sum(members.data(), members.size());
        }
    }

    /// Adds as many rows as there are codes, from the first one on.
    void add_block(std::size_t first_row, std::span<const std::int64_t> codes) {
        const double* values[rows_at_once];
        double* class_sums[rows_at_once];
        for (std::size_t i = 0; i < codes.size(); ++i) {
            const std::size_t row = first_row + i;
            prefetch_row(X_, std::min(row + rows_ahead, X_.n_rows - 1), first_column_, width_);
            values[i] = view_row(X_, row, first_column_, width_, values_.data() + i * width_);
            // Rows without a class share a sum of their own, which nobody reads.
            const std::size_t slot = codes[i] < 0 ? n_classes_ : static_cast<std::size_t>(codes[i]);
            class_sums[i] = class_sums_.data() + slot * width_;
        }
        kernels_.add_row_moments({values, class_sums, codes.size()}, shift_.data(), width_,
                                 total_.data(), squares_.data());
    }

    double between_class(std::size_t c, double size, std::size_t begin, std::size_t end) const {
        double sum = 0.0;
        for (std::size_t k = begin; k < end; ++k) {
            const double offset =
                class_sums_[c * width_ + k] / size - total_[k] / static_cast<double>(X_.n_rows);
            sum += offset * offset;
        }
        return size * sum;
    }

    const Kernels& kernels_;
    const MatrixView& X_;
    const std::size_t first_column_;
    const std::size_t width_;
    const std::size_t n_classes_;
    WorkBuffer<double> class_sums_;
    std::vector<double> total_;
    std::vector<double> shift_;
    std::vector<double> squares_;
    std::vector<double> values_;
};

std::vector<std::size_t> count_classes(std::span<const std::int64_t> codes, std::size_t n_classes) {
    std::vector<std::size_t> sizes(n_classes, 0);
    for (const std::int64_t code : codes) {
        require(code >= -1 && code < static_cast<std::int64_t>(n_classes),
                "a class code lies outside [-1, n_classes)");
        if (code >= 0) {
            ++sizes[static_cast<std::size_t>(code)];
        }
    }
    return sizes;
}

}  // namespace

double variance_ratio(const MatrixView& X, std::span<const std::int64_t> codes,
                      std::size_t n_classes, int n_threads) {
    require(codes.size() == X.n_rows, "codes must hold one class per row of X");
    const std::vector<std::size_t> class_sizes = count_classes(codes, n_classes);
    const std::size_t n_stripes = count_stripes(X);
    std::vector<SumsOfSquares> stripes(n_stripes);
    const double n_steps = static_cast<double>(X.n_rows) * static_cast<double>(X.n_columns);
    const int n_used = threads_worth(n_threads, n_steps);
    const std::size_t n_together = stripes_in_task(X, n_classes + 4 + rows_at_once, n_used);
    parallel_for((n_stripes + n_together - 1) / n_together, n_used,
                 [&](std::size_t task, const Worker& worker) {
                     const std::size_t first = task * n_together;
                     StripeSums sums(X, first * stripe_columns, n_together * stripe_columns,
                                     n_classes);
                     sums.add_rows(codes, class_sizes, worker);
                     sums.write_stripes(class_sizes, stripes.data() + first);
                 });
    SumsOfSquares sums;
    for (const SumsOfSquares& stripe : stripes) {
        sums.between += stripe.between;
        sums.total += stripe.total;
    }
    return sums.between / (sums.total + epsilon);
}

}  // namespace fastshesha
