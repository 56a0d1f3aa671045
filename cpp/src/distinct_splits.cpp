#include "distinct_splits.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <vector>

#include "distance_tiles.hpp"
#include "fastshesha/distance.hpp"
#include "kernels/dispatch.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "pair_order.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"

namespace fastshesha {
namespace {

// Smaller standard deviations are for all pairs to tell.
constexpr double clear_deviation = 1e-11;

/// How often every value of a half RDM occurs: those of pairs i < j, row after row, then those of
/// rows and their copies.
std::vector<std::uint32_t> count_pairs(const std::vector<std::uint32_t>& counts) {
    std::vector<std::uint32_t> weights;
    weights.reserve(n_pairs(counts.size()) + counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        for (std::size_t j = i + 1; j < counts.size(); ++j) {
            weights.push_back(counts[i] * counts[j]);
        }
    }
    for (const std::uint32_t count : counts) {
        if (count > 1) {
            weights.push_back(count * (count - 1) / 2);
        }
    }
    return weights;
}

/// The first row of every class, in float64.
class DistinctRows {
public:
    DistinctRows(const MatrixView& X, const RowClasses& classes)
        : values_(classes.n_classes() * X.n_columns) {
        double* next = values_.data();
        for (const std::size_t row : classes.first_row) {
            read_row(X, row, 0, X.n_columns, next);
            next += X.n_columns;
        }
        view_.data = reinterpret_cast<const std::byte*>(values_.data());
        view_.n_rows = classes.n_classes();
        view_.n_columns = X.n_columns;
        view_.row_stride = static_cast<std::ptrdiff_t>(X.n_columns * sizeof(double));
        view_.column_stride = sizeof(double);
    }

    DistinctRows(const DistinctRows&) = delete;
    DistinctRows& operator=(const DistinctRows&) = delete;

    const MatrixView& view() const { return view_; }

private:
    std::vector<double> values_;
    MatrixView view_;
};

/// Ranks of values that occur several times each.
struct WeightedRanks {
    std::vector<std::uint32_t> doubled;  ///< by position
    uint128 tie_sum = 0;

    /// `order.rows(k)` says how often the k-th value occurs.
    void take(const PairOrder& order) {
        doubled.resize(order.n_pairs());
        tie_sum = 0;
        std::size_t next = 0;
        std::uint64_t n_before = 0;
        const auto close_group = [&](std::size_t size) {
            std::uint64_t weight = 0;
            for (std::size_t k = next; k < next + size; ++k) {
                weight += order.rows(k);
            }
            for (std::size_t k = next; k < next + size; ++k) {
                doubled[order.indices()[k]] = static_cast<std::uint32_t>(2 * n_before + weight + 1);
            }
            const uint128 n = weight;
            tie_sum += n * n * n - n;
            next += size;
            n_before += weight;
        };
        for (std::size_t part = 0; part < order.n_parts(); ++part) {
            const WeightedPairs pairs = order.part(part, nullptr, 0);
            for (std::size_t r = 0; r < pairs.n_runs; ++r) {
                for (std::uint32_t k = 0; k < pairs.runs[r].n_single; ++k) {
                    close_group(1);
                }
                if (pairs.runs[r].n_tied > 0) {
                    close_group(pairs.runs[r].n_tied);
                }
            }
        }
    }
};

/// Scores splits one after the other; every thread has its own.
class DistinctScorer {
public:
    DistinctScorer(const MatrixView& distinct, const RowClasses& classes, Metric metric,
                   const std::vector<std::uint32_t>& weights, std::size_t n_all)
        : X_(distinct),
          classes_(classes),
          metric_(metric),
          weights_(weights),
          n_all_(n_all),
          distances_(weights.size()) {}

    /// False where the distances of a half are undefined or hardly vary.
    bool score(const std::array<Columns, 2>& halves, const Worker& worker, double& score) {
        for (std::size_t h = 0; h < 2; ++h) {
            fill(halves[h], worker);
            const auto is_undefined = [](double value) { return !std::isfinite(value); };
            if (std::any_of(distances_.begin(), distances_.end(), is_undefined)) {
                return false;
            }
            order_.sort(distances_.data(), weights_.data(), distances_.size(), ranker_);
            // Two values a distance r apart give a standard deviation of r / sqrt(2 n) at least.
            const double range = distances_[order_.indices()[distances_.size() - 1]] -
                                 distances_[order_.indices()[0]];
            if (!(range > clear_deviation * std::sqrt(2.0 * static_cast<double>(n_all_)))) {
                return false;
            }
            ranks_[h].take(order_);
        }
        uint128 product = 0;
        for (std::size_t k = 0; k < weights_.size(); ++k) {
            product +=
                uint128{std::uint64_t{ranks_[0].doubled[k]} * ranks_[1].doubled[k]} * weights_[k];
        }
        score = rho_of_sums(n_all_, ranks_[0].tie_sum, ranks_[1].tie_sum, product);
        return true;
    }

private:
    void fill(Columns columns, const Worker& worker) {
        rows_.pack(X_, columns, metric_, kernels_);
        DistanceTiles(rows_, metric_, kernels_).compute_all(worker, distances_.data());
        double* next = distances_.data() + n_pairs(X_.n_rows);
        std::vector<double> row(columns.size());
        for (std::size_t i = 0; i < X_.n_rows; ++i) {
            if (classes_.sizes[i] > 1) {
                *next++ = self_distance(X_, i, columns, metric_, row.data());
            }
        }
    }

    const MatrixView& X_;
    const RowClasses& classes_;
    const Metric metric_;
    const std::vector<std::uint32_t>& weights_;
    const std::size_t n_all_;
    const Kernels& kernels_ = active_kernels();
    PackedRows rows_;
    std::vector<double> distances_;
    Ranker ranker_;
    PairOrder order_;
    std::array<WeightedRanks, 2> ranks_;
};

}  // namespace

bool distinct_rows_pay(const MatrixView& X, const RowClasses& classes, const FeatureHalves& halves,
                       int n_threads, std::size_t memory) {
    const std::size_t n = classes.n_classes();
    const auto threads = static_cast<std::size_t>(n_threads);
    const std::size_t n_busy = std::min(halves.n_splits, threads);
    // Work of a thread takes half the memory of one that keeps all pairs.
    return n > 1 && 2 * n <= X.n_rows && n_pairs(n) * threads <= n_pairs(X.n_rows) * n_busy &&
           n * X.n_columns * sizeof(double) <= memory / 2 &&
           n_pairs(X.n_rows) < std::size_t{1} << 31;
}

bool score_distinct_rows(const MatrixView& X, const RowClasses& classes,
                         const FeatureHalves& halves, Metric metric, int n_threads,
                         double* scores) {
    const std::vector<std::uint32_t> weights = count_pairs(classes.sizes);
    const DistinctRows rows(X, classes);
    const std::size_t n_all = n_pairs(X.n_rows);
    std::vector<DistinctScorer> scorers(
        static_cast<std::size_t>(n_threads),
        DistinctScorer(rows.view(), classes, metric, weights, n_all));
    std::atomic<bool> complete{weights.size() > 1};
    parallel_for(halves.n_splits, n_threads, [&](std::size_t split, const Worker& worker) {
        const std::size_t begin = split * halves.half_size;
        const std::array<Columns, 2> columns{Columns(halves.first + begin, halves.half_size),
                                             Columns(halves.second + begin, halves.half_size)};
        if (complete.load() && !scorers[worker.index()].score(columns, worker, scores[split])) {
            complete.store(false);
        }
    });
    return complete.load();
}

}  // namespace fastshesha
