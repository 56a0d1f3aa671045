#include "largest_scores.hpp"

#include <algorithm>
#include <functional>

namespace fastshesha {
namespace {

// Scores beyond those that are kept, so that many are dropped at a time.
constexpr std::size_t spare_scores = 128;
constexpr std::size_t close_enough = 16;
constexpr int most_halvings = 12;

}  // namespace

LargestScores::LargestScores(std::size_t size, const Kernels& kernels)
    : kernels_(&kernels),
      size_(size),
      n_full_(size + spare_scores),
      scores_(n_full_ + max_tile_columns),
      rows_(n_full_ + max_tile_columns) {}

/// A limit above which there are still enough. Counting needs no branches, selecting does.
double LargestScores::limit_by_halving() const {
    double low = 0.0;
    double high = 0.0;
    kernels_->extremes(scores_.data(), n_, &low, &high);
    double limit = limit_;
    for (int halving = 0; halving < most_halvings; ++halving) {
        const double middle = 0.5 * (low + high);
        const std::size_t n = count_above(middle);
        if (n < size_) {
            high = middle;
            continue;
        }
        low = limit = middle;
        if (n <= size_ + close_enough) {
            break;
        }
    }
    return limit;
}

void LargestScores::drop_small() {
    // Some of those that equal the limit so far may be kept.
    if (const double limit = limit_by_halving(); limit > limit_) {
        keep_above(limit, 0);
    }
    if (n_ > size_ + spare_scores / 2) {
        std::vector<double> ordered(scores_.begin(),
                                    scores_.begin() + static_cast<std::ptrdiff_t>(n_));
        const auto last = ordered.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
        std::nth_element(ordered.begin(), last, ordered.end(), std::greater<>());
        keep_above(*last, size_ - count_above(*last));
    }
}

/// Keeps the scores above a limit, and the first ones that equal it.
void LargestScores::keep_above(double limit, std::size_t n_equal) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < n_; ++i) {
        const bool is_one_of_equal = scores_[i] == limit && n_equal > 0;
        n_equal -= is_one_of_equal ? 1 : 0;
        scores_[n] = scores_[i];
        rows_[n] = rows_[i];
        n += scores_[i] > limit || is_one_of_equal ? 1 : 0;
    }
    n_ = n;
    limit_ = limit;
}

std::vector<LargestScores::Entry> LargestScores::sorted() {
    if (n_ > size_ + close_enough) {
        drop_small();
    }
    std::vector<Entry> entries(n_);
    for (std::size_t i = 0; i < n_; ++i) {
        entries[i] = {scores_[i], rows_[i]};
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.score > b.score || (a.score == b.score && a.row < b.row);
    });
    entries.resize(std::min(size_, n_));
    return entries;
}

}  // namespace fastshesha
