#include "close_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "halving.hpp"

namespace fastshesha {
namespace {

// Scores beyond those that are kept, so that many are dropped at a time.
constexpr std::size_t spare_scores = 128;
// Scores within the margin, more of which are compared faster in another way.
constexpr std::size_t most_close_scores = 256;
constexpr std::size_t room_besides =
    most_close_scores + spare_scores + most_offered + most_kept_lanes;
constexpr std::size_t close_enough = 8;
// Beyond the precision of a float there is nothing to halve.
constexpr int most_halvings = 24;

/// A float that is no larger.
float rounded_down(double value) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto nearest = static_cast<float>(value);
    return static_cast<double>(nearest) > value ? std::nextafter(nearest, -infinity) : nearest;
}

}  // namespace

CloseScores::CloseScores(std::size_t size, double bound, double margin, double limit,
                         const NearestKernels& kernels)
    : kernels_(&kernels),
      size_(size),
      n_full_(size + spare_scores),
      bound_(static_cast<float>(bound)),
      margin_(margin),
      limit_(rounded_down(limit)),
      scores_(std::make_unique_for_overwrite<float[]>(size + room_besides)),
      rows_(std::make_unique_for_overwrite<std::uint32_t[]>(size + room_besides)) {}

void CloseScores::drop_small() {
    if (n_ <= size_) {
        return;
    }
    constexpr float none = -std::numeric_limits<float>::infinity();
    const float limit = limit_by_halving(
        std::max(-bound_, limit_), bound_, none, size_, close_enough, most_halvings,
        [this](float middle) { return kernels_->count_above(scores_.get(), n_, middle); });
    limit_ = std::max(limit_, rounded_down(static_cast<double>(limit) - margin_));
    // Entries up to a whole vector are there, but are not to be kept.
    std::fill_n(scores_.get() + n_, most_kept_lanes, limit_);
    const std::size_t n_filled = (n_ + most_kept_lanes - 1) / most_kept_lanes * most_kept_lanes;
    n_ = kernels_->keep_above(scores_.get(), rows_.get(), n_filled, limit_, scores_.get(),
                              rows_.get());
    n_full_ = n_ + spare_scores;
    is_crowded_ = n_ > size_ + most_close_scores;
}

}  // namespace fastshesha
