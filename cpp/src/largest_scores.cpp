#include "largest_scores.hpp"

#include <algorithm>
#include <functional>

#include "halving.hpp"

namespace fastshesha {
namespace {

// Scores beyond those that are kept, so that many are dropped at a time.
constexpr std::size_t spare_scores = 128;
constexpr std::size_t close_enough = 16;
constexpr int most_halvings = 12;
// More are sorted faster than each is compared with all.
constexpr std::size_t most_placed = 256;

}  // namespace

LargestScores::LargestScores(std::size_t size, const Kernels& kernels)
    : kernels_(&kernels), size_(size), n_full_(size + spare_scores) {}

void LargestScores::make_room() {
    scores_ = std::make_unique_for_overwrite<double[]>(n_full_ + max_tile_columns);
    rows_ = std::make_unique_for_overwrite<std::int64_t[]>(n_full_ + max_tile_columns);
}

void LargestScores::drop_small() {
    double low = 0.0;
    double high = 0.0;
    kernels_->extremes(scores_.get(), n_, &low, &high);
    const double limit = limit_by_halving(low, high, limit_, size_, close_enough, most_halvings,
                                          [this](double middle) { return count_above(middle); });
    // Some of those that equal the limit so far may be kept.
    if (limit > limit_) {
        keep_above(limit, 0);
    }
    if (n_ > size_ + spare_scores / 2) {
        keep_largest();
    }
}

void LargestScores::keep_largest() {
    std::vector<double> ordered(scores_.get(), scores_.get() + n_);
    const auto last = ordered.begin() + static_cast<std::ptrdiff_t>(size_ - 1);
    std::nth_element(ordered.begin(), last, ordered.end(), std::greater<>());
    keep_above(*last, size_ - count_above(*last));
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

std::vector<LargestScores::Entry> LargestScores::take_sorted(const NearestKernels& kernels) {
    if (n_ > size_ + close_enough) {
        drop_small();
    }
    std::vector<Entry> entries(n_);
    if (n_ <= most_placed) {
        std::uint32_t places[most_placed];
        kernels.find_places(scores_.get(), n_, places);
        for (std::size_t i = 0; i < n_; ++i) {
            entries[places[i]] = {scores_[i], rows_[i]};
        }
    } else {
        for (std::size_t i = 0; i < n_; ++i) {
            entries[i] = {scores_[i], rows_[i]};
        }
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return a.score > b.score || (a.score == b.score && a.row < b.row);
        });
    }
    entries.resize(std::min(size_, n_));
    scores_.reset();
    rows_.reset();
    return entries;
}

}  // namespace fastshesha
