#include "fastshesha/class_sums.hpp"

#include <algorithm>
#include <vector>

#include "kernels/dispatch.hpp"
#include "parallel.hpp"
#include "work_buffer.hpp"

namespace fastshesha {
namespace {

// Neighbouring tiles share the lines in which they begin, and samples in cache the weights.
constexpr std::size_t tiles_in_task = 8;
constexpr std::size_t samples_at_once = 256;

/// Products of weights and rows, class by class: samples take the place that features have in
/// the tiles of distances.
class ClassSums {
public:
    ClassSums(const WeightedClasses& classes, const Kernels& kernels, double* sums)
        : classes_(classes),
          kernels_(kernels),
          panel_rows_(kernels.panel_rows),
          tile_columns_(kernels.panel_rows * kernels.tile_panels),
          width_(tiles_in_task * tile_columns_),
          tasks_of_class_((classes.X.n_columns + width_ - 1) / width_),
          sums_(sums) {
        pack_weights();
    }

    std::size_t n_tasks() const { return classes_.class_ends.size() * tasks_of_class_; }

    void compute(std::size_t task) const {
        const std::size_t c = task / tasks_of_class_;
        const std::size_t first_column = task % tasks_of_class_ * width_;
        const std::size_t n = std::min(width_, classes_.X.n_columns - first_column);
        const std::size_t begin = c == 0 ? 0 : end_of(c - 1);
        for (std::size_t subset = 0; subset < classes_.n_subsets; ++subset) {
            std::fill_n(sums_of(c, subset) + first_column, n, 0.0);
        }
        WorkBuffer<double> columns(samples_at_once * width_);
        for (std::size_t i = begin; i < end_of(c); i += samples_at_once) {
            const std::size_t n_samples = std::min(samples_at_once, end_of(c) - i);
            pack_columns(i, n_samples, first_column, columns.data());
            for (std::size_t k = 0; k < n; k += tile_columns_) {
                add_samples(i, n_samples, c, first_column + k, columns.data() + k * n_samples);
            }
        }
    }

private:
    std::size_t end_of(std::size_t c) const {
        return static_cast<std::size_t>(classes_.class_ends[c]);
    }
    double* sums_of(std::size_t c, std::size_t subset) const {
        return sums_ + (c * classes_.n_subsets + subset) * classes_.X.n_columns;
    }

    /// Side by side for as many subsets as a panel has rows, all samples for one panel at a time.
    void pack_weights() {
        const std::size_t n = classes_.order.size();
        const std::size_t n_subsets = classes_.n_subsets;
        weights_.assign((n_subsets + panel_rows_ - 1) / panel_rows_ * panel_rows_ * n, 0.0);
        for (std::size_t subset = 0; subset < n_subsets; ++subset) {
            const std::size_t r = subset % panel_rows_;
            double* const panel = weights_.data() + (subset - r) * n;
            for (std::size_t i = 0; i < n; ++i) {
                panel[i * panel_rows_ + r] = classes_.weights[i * n_subsets + subset];
            }
        }
    }

    void pack_columns(std::size_t begin, std::size_t n_samples, std::size_t first_column,
                      double* columns) const {
        const std::size_t n = std::min(width_, classes_.X.n_columns - first_column);
        double row[tiles_in_task * max_tile_columns] = {};
        for (std::size_t i = 0; i < n_samples; ++i) {
            const auto sample = static_cast<std::size_t>(classes_.order[begin + i]);
            read_row(classes_.X, sample, first_column, n, row);
            for (std::size_t k = 0; k < width_; k += panel_rows_) {
                double* const place = columns + k * n_samples + i * panel_rows_;
                for (std::size_t r = 0; r < panel_rows_; ++r) {
                    place[r] = row[k + r];
                }
            }
        }
    }

    /// Adds samples from place `begin` of the order on to a tile's columns of every subset.
    void add_samples(std::size_t begin, std::size_t n_samples, std::size_t c,
                     std::size_t first_column, const double* columns) const {
        const std::size_t n = std::min(tile_columns_, classes_.X.n_columns - first_column);
        for (std::size_t subset = 0; subset < classes_.n_subsets; subset += panel_rows_) {
            const std::size_t n_rows = std::min(panel_rows_, classes_.n_subsets - subset);
            alignas(64) double tile[max_panel_rows * max_tile_columns] = {};
            for (std::size_t r = 0; r < n_rows; ++r) {
                const double* sums = sums_of(c, subset + r) + first_column;
                std::copy_n(sums, n, tile + r * tile_columns_);
            }
            const double* weights =
                weights_.data() + subset * classes_.order.size() + begin * panel_rows_;
            kernels_.add_products(weights, columns, n_samples * panel_rows_, n_samples, tile);
            for (std::size_t r = 0; r < n_rows; ++r) {
                std::copy_n(tile + r * tile_columns_, n, sums_of(c, subset + r) + first_column);
            }
        }
    }

    const WeightedClasses& classes_;
    const Kernels& kernels_;
    const std::size_t panel_rows_;
    const std::size_t tile_columns_;
    const std::size_t width_;
    const std::size_t tasks_of_class_;
    double* const sums_;
    std::vector<double> weights_;
};

}  // namespace

void class_sums(const WeightedClasses& classes, int n_threads, double* sums) {
    const double n_steps = static_cast<double>(classes.order.size()) *
                           static_cast<double>(classes.X.n_columns) *
                           static_cast<double>(classes.n_subsets);
    const ClassSums work(classes, active_kernels(), sums);
    parallel_for(work.n_tasks(), threads_worth(n_threads, n_steps),
                 [&](std::size_t task, const Worker&) { work.compute(task); });
}

}  // namespace fastshesha
