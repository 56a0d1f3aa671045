#include "fastshesha/resampled_systems.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/dispatch.hpp"
#include "packed_cholesky.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

/// Works on one resample after the other, in memory that is kept for the next.
class ResampledSolver {
public:
    ResampledSolver(const ResampledSystems& systems, const Kernels& kernels)
        : systems_(systems), factor_(kernels) {}

    void solve(std::size_t resample, double* solution) {
        choose(resample);
        const std::size_t n = systems_.classes.size();
        const bool regular = factor_.factorise(
            chosen_.size(), [this](std::size_t row, std::size_t first, std::size_t n_columns,
                                   double* out) { write_row(row, first, n_columns, out); });
        std::fill_n(solution, n, regular ? 0.0 : std::numeric_limits<double>::quiet_NaN());
        if (!regular) {
            return;
        }
        std::vector<double> right;
        for (const std::size_t sample : chosen_) {
            right.push_back(systems_.right[resample * n + sample]);
        }
        factor_.solve(right.data());
        for (std::size_t k = 0; k < chosen_.size(); ++k) {
            solution[chosen_[k]] = right[k];
        }
    }

private:
    void choose(std::size_t resample) {
        const std::size_t n = systems_.classes.size();
        scales_ = systems_.scales + resample * n;
        shifts_ = systems_.shifts + 2 * resample * n;
        chosen_.clear();
        for (std::size_t i = 0; i < n; ++i) {
            if (scales_[i] != 0.0) {
                chosen_.push_back(i);
            }
        }
    }

    void write_row(std::size_t row, std::size_t first, std::size_t n_columns, double* out) const {
        const std::size_t n = systems_.classes.size();
        const std::size_t i = chosen_[row];
        const double* const products = systems_.products + i * n;
        const double* const of_class = shifts_ + static_cast<std::size_t>(systems_.classes[i]) * n;
        for (std::size_t c = 0; c < n_columns; ++c) {
            const std::size_t j = chosen_[first + c];
            const double mine = shifts_[static_cast<std::size_t>(systems_.classes[j]) * n + i];
            out[c] = (products[j] - mine - of_class[j]) * (scales_[i] * scales_[j]);
            out[c] += i == j ? systems_.ridge : 0.0;
        }
    }

    const ResampledSystems& systems_;
    PackedCholesky factor_;
    std::vector<std::size_t> chosen_;
    const double* scales_ = nullptr;
    const double* shifts_ = nullptr;
};

}  // namespace

void solve_resampled(const ResampledSystems& systems, int n_threads, double* solutions) {
    const auto n = static_cast<double>(systems.classes.size());
    const double n_steps = static_cast<double>(systems.n_resamples) * n * n * n / 6.0;
    const int team = threads_worth(n_threads, n_steps);
    std::vector<ResampledSolver> solvers(static_cast<std::size_t>(team),
                                         ResampledSolver(systems, active_kernels()));
    parallel_for(systems.n_resamples, team, [&](std::size_t resample, const Worker& worker) {
        solvers[worker.index()].solve(resample, solutions + resample * systems.classes.size());
    });
}

}  // namespace fastshesha
