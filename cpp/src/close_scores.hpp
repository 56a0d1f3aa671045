#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "kernels/nearest_kernels.hpp"

namespace fastshesha {

inline constexpr std::size_t most_offered = 32;

/// Rows whose scores, known up to an error, may be among the largest; in rising order.
class CloseScores {
public:
    /// Of `size` rows the scores are wanted. None exceeds `bound` in magnitude; rows more than
    /// `margin` below `size` others are not kept, nor those that are no larger than a limit.
    CloseScores(std::size_t size, double bound, double margin, double limit,
                const NearestKernels& kernels);

    /// Offers scores of n rows that rise from call to call: the columns of a panel, at most
    /// most_offered.
    void offer(const float* scores, const std::uint32_t* rows, std::size_t n) {
        n_ += kernels_->keep_above(scores, rows, n, limit_, scores_.get() + n_, rows_.get() + n_);
        if (n_ > n_full_) {
            drop_small();
        }
    }

    /// Whether so many scores are alike that no more may be offered.
    bool is_crowded() const { return is_crowded_; }

    /// Valid until the next offer.
    std::span<const std::uint32_t> rows() {
        drop_small();
        return {rows_.get(), n_};
    }

private:
    void drop_small();

    const NearestKernels* kernels_;
    std::size_t size_;
    std::size_t n_full_;
    std::size_t n_ = 0;
    bool is_crowded_ = false;
    float bound_;
    double margin_;
    float limit_;
    std::unique_ptr<float[]> scores_;
    std::unique_ptr<std::uint32_t[]> rows_;
};

}  // namespace fastshesha
