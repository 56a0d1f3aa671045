#include "nonzero_features.hpp"

#include <algorithm>
#include <atomic>

#include "parallel.hpp"

namespace fastshesha {
namespace {

// Above, multiplying everything is about as fast: the rows of a panel share what they read.
constexpr double largest_share = 0.35;
constexpr std::size_t n_sampled_panels = 4;

bool is_mostly_zero(const Panels& panels) {
    // Panels of which every row is there.
    const std::size_t n_whole = panels.n_rows / panels.panel_rows;
    const std::size_t step = std::max<std::size_t>(1, n_whole / n_sampled_panels);
    const std::size_t size = panels.panel_rows * panels.n_features();
    std::size_t n_zeros = 0;
    std::size_t n_values = 0;
    for (std::size_t p = 0; p < n_whole; p += step) {
        n_zeros +=
            static_cast<std::size_t>(std::count(panels.panel(p), panels.panel(p) + size, 0.0));
        n_values += size;
    }
    return n_values > 0 &&
           static_cast<double>(n_zeros) >= (1.0 - largest_share) * static_cast<double>(n_values);
}

}  // namespace

void NonzeroFeatures::list(const Panels& panels, int n_threads) {
    if (!is_mostly_zero(panels) || !list_all(panels, n_threads)) {
        *this = NonzeroFeatures();
    }
}

bool NonzeroFeatures::list_all(const Panels& panels, int n_threads) {
    const std::size_t n_rows = panels.n_panels() * panels.panel_rows;
    capacity_ = panels.n_features() / 2 + 1;
    ends_.resize(n_rows);
    values_.resize(n_rows * capacity_);
    features_.resize(n_rows * capacity_);
    std::atomic<bool> complete{true};
    share_tasks(panels.n_panels(), n_threads, [&](std::size_t p, std::size_t) {
        if (!list_panel(panels, p)) {
            complete.store(false);
        }
    });
    return complete.load();
}

/// False where there is no room, or a value is not finite.
bool NonzeroFeatures::list_panel(const Panels& panels, std::size_t p) {
    const double* values = panels.panel(p);
    const std::size_t first = p * panels.panel_rows * capacity_;
    std::size_t ends[max_panel_rows] = {};
    // Stays 0 unless a value is not finite.
    double zeros = 0.0;
    std::size_t k = 0;
    for (std::size_t lane = 0; lane < n_scipy_lanes; ++lane) {
        for (; k < panels.lane_ends[lane]; ++k) {
            for (std::size_t r = 0; r < panels.panel_rows; ++r) {
                const std::size_t to = first + r * capacity_ + std::min(ends[r], capacity_ - 1);
                values_[to] = *values;
                features_[to] = static_cast<std::uint32_t>(k);
                zeros += *values * 0.0;
                ends[r] += *values != 0.0 ? 1 : 0;
                ++values;
            }
        }
        for (std::size_t r = 0; r < panels.panel_rows; ++r) {
            ends_[p * panels.panel_rows + r][lane] = ends[r];
        }
    }
    return zeros == 0.0 && *std::max_element(ends, ends + panels.panel_rows) < capacity_;
}

}  // namespace fastshesha
