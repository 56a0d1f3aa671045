#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "kernels/kernels.hpp"
#include "kernels/nearest_kernels.hpp"

namespace fastshesha {

/// The rows of largest scores among those that were offered; of equal scores the first ones.
class LargestScores {
public:
    struct Entry {
        double score;
        std::int64_t row;
    };

    LargestScores(std::size_t size, const Kernels& kernels);

    /// Rows whose scores are no larger than this need not be offered.
    double limit() const { return limit_; }

    /// Offers one more row.
    void offer(double score, std::int64_t row) {
        if (!(score <= limit_)) {
            offer(&score, 1, row);
        }
    }

    /// Sets the limit as high as it goes.
    void tighten() {
        if (n_ >= size_) {
            keep_largest();
        }
    }

    /// Offers the rows first_row + c for which bit c of `columns` is set. Rows come in rising
    /// order; a score that is not a number counts as infinite.
    void offer(const double* scores, std::uint32_t columns, std::int64_t first_row) {
        if (scores_ == nullptr) {
            make_room();
        }
        std::size_t n = n_;
        for (; columns != 0; columns &= columns - 1) {
            const int c = std::countr_zero(columns);
            scores_[n] =
                std::isnan(scores[c]) ? std::numeric_limits<double>::infinity() : scores[c];
            rows_[n++] = first_row + c;
        }
        n_ = n;
        if (n_ > n_full_) {
            drop_small();
        }
    }

    /// The largest first; the memory is given back.
    std::vector<Entry> take_sorted(const NearestKernels& kernels);

private:
    void make_room();
    void drop_small();
    void keep_largest();
    void keep_above(double limit, std::size_t n_equal);
    std::size_t count_above(double limit) const {
        return kernels_->count_above(scores_.get(), n_, limit);
    }

    const Kernels* kernels_;
    std::size_t size_;
    std::size_t n_full_;
    std::size_t n_ = 0;
    double limit_ = -std::numeric_limits<double>::infinity();
    // Null as long as nothing was offered.
    std::unique_ptr<double[]> scores_;
    std::unique_ptr<std::int64_t[]> rows_;
};

}  // namespace fastshesha
