#include "candidate_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "fastshesha/error.hpp"
#include "nearest_dispatch.hpp"
#include "parallel.hpp"
#include "stream_dispatch.hpp"

namespace fastshesha {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::size_t panels_in_task = 16;
constexpr std::size_t most_panel_queries = 16;
// Products of larger numbers might overflow.
constexpr double largest_norm = 1e15;
constexpr std::size_t most_features = std::size_t{1} << 16;
// It takes longer to lay out rows for fewer queries, or to look twice at a larger share of all rows
// so far.
constexpr std::size_t fewest_queries = 32;
constexpr std::size_t fewest_rows_per_kept = 16;

// Roundings of a product besides those of its terms.
constexpr double more_roundings = 4.0;
constexpr double float_epsilon = std::numeric_limits<float>::epsilon();
constexpr double smallest_float = std::numeric_limits<float>::min();
constexpr double double_epsilon = std::numeric_limits<double>::epsilon();

/// Norms of the rows once they are scaled, rather too large.
std::vector<double> scaled_norms(const ScoredRows& scored) {
    std::vector<double> norms(scored.rows.n_rows);
    for (std::size_t row = 0; row < norms.size(); ++row) {
        norms[row] = 1.01 * scored.norms[row] * scored.factors[row];
    }
    return norms;
}

/// Written so that NaN is out of range.
bool are_in_range(const ScoredRows& scored) {
    return std::all_of(scored.norms, scored.norms + scored.rows.n_rows,
                       [](double norm) { return norm <= largest_norm; });
}

}  // namespace

void FloatPanels::pack(const ScoredRows& scored, std::size_t width, int n_threads) {
    n_panels_ = (scored.rows.n_rows + width - 1) / width;
    panel_size_ = (scored.rows.n_columns + 1) * width;
    data_.resize(checked_multiply(n_panels_, panel_size_));
    const std::size_t n_tasks = (n_panels_ + panels_in_task - 1) / panels_in_task;
    parallel_for(n_tasks, n_threads, [&](std::size_t task, const Worker&) {
        std::vector<double> values(scored.rows.n_columns);
        const std::size_t end = std::min(n_panels_, (task + 1) * panels_in_task);
        for (std::size_t p = task * panels_in_task; p < end; ++p) {
            for (std::size_t r = 0; r < width; ++r) {
                pack_row(scored, p * width + r, width, values);
            }
        }
    });
}

void FloatPanels::pack_row(const ScoredRows& scored, std::size_t row, std::size_t width,
                           std::vector<double>& values) {
    const bool exists = row < scored.rows.n_rows;
    if (exists) {
        read_row(scored.rows, row, 0, values.size(), values.data());
    } else {
        std::fill(values.begin(), values.end(), 0.0);
    }
    float* to = data_.data() + row / width * panel_size_ + row % width;
    const double factor = exists ? scored.factors[row] : 0.0;
    for (const double value : values) {
        *to = static_cast<float>(value * factor);
        to += width;
    }
    const float offset =
        exists && scored.offsets != nullptr ? static_cast<float>(scored.offsets[row]) : -infinity;
    *to = scored.offsets == nullptr ? 1.0F : offset;
}

CandidateSearch::CandidateSearch(const ScoredRows& queries, double shift, std::size_t n_kept,
                                 int n_threads)
    : kernels_(active_stream_kernels<float>()),
      nearest_kernels_(active_nearest_kernels()),
      n_kept_(n_kept),
      n_features_(queries.rows.n_columns),
      n_threads_(n_threads),
      shift_(shift),
      is_possible_(queries.rows.n_rows >= fewest_queries && n_features_ <= most_features &&
                   are_in_range(queries)) {
    require(kernels_.panel_rows <= most_panel_queries && kernels_.panel_columns <= most_offered,
            "tiles are larger than the room for them");
    if (is_possible_) {
        query_norms_ = scaled_norms(queries);
        queries_.pack(queries, kernels_.panel_rows, n_threads);
    }
}

bool CandidateSearch::take(const ScoredRows& rows) {
    n_rows_so_far_ += rows.rows.n_rows;
    if (!is_possible_ || n_rows_so_far_ / fewest_rows_per_kept < n_kept_ || !are_in_range(rows)) {
        return false;
    }
    const std::vector<double> norms = scaled_norms(rows);
    row_norm_ = *std::max_element(norms.begin(), norms.end());
    largest_offset_ = 0.0;
    for (std::size_t row = 0; row < norms.size(); ++row) {
        largest_offset_ = std::max(largest_offset_, std::abs(rows.offsets[row]));
    }
    rows_.pack(rows, kernels_.panel_columns, n_threads_);
    return true;
}

/// Rounding of inputs and sums is within half of the first term of the error.
CloseScores CandidateSearch::no_scores(std::size_t query, double limit) const {
    const double n_roundings = static_cast<double>(n_features_) + more_roundings;
    const double bound = query_norms_[query] * row_norm_ + largest_offset_;
    const double underflow = smallest_float * (query_norms_[query] + row_norm_ + 1.0);
    const double error =
        n_roundings * (float_epsilon * bound + underflow) + 4.0 * shift_ * double_epsilon;
    return {n_kept_, 1.01 * bound + underflow, 3.0 * error, limit - shift_ - 2.0 * error,
            nearest_kernels_};
}

std::vector<CloseScores> CandidateSearch::find(std::size_t begin, std::size_t end,
                                               const double* limits) const {
    std::vector<CloseScores> found;
    found.reserve(end - begin);
    for (std::size_t query = begin; query < end; ++query) {
        found.push_back(no_scores(query, limits[query]));
    }
    const std::size_t step = kernels_.panel_rows;
    for (std::size_t p = 0; p < rows_.n_panels(); ++p) {
        std::uint32_t rows[most_offered];
        std::iota(rows, rows + kernels_.panel_columns,
                  static_cast<std::uint32_t>(p * kernels_.panel_columns));
        for (std::size_t query = begin; query < end; query += step) {
            if (!compare(query, std::min(step, end - query), p, rows,
                         found.data() + (query - begin))) {
                return {};
            }
        }
    }
    return found;
}

/// Compares a panel of queries with a panel of rows; false where too many rows are close.
bool CandidateSearch::compare(std::size_t query, std::size_t n_queries, std::size_t p,
                              const std::uint32_t* rows, CloseScores* found) const {
    const std::size_t n_columns = kernels_.panel_columns;
    alignas(64) float tile[most_panel_queries * most_offered];
    kernels_.multiply(queries_.panel(query / kernels_.panel_rows), rows_.panel(p), n_features_ + 1,
                      false, tile, nullptr);
    bool is_crowded = false;
    for (std::size_t r = 0; r < n_queries; ++r) {
        found[r].offer(tile + r * n_columns, rows, n_columns);
        is_crowded = is_crowded || found[r].is_crowded();
    }
    return !is_crowded;
}

}  // namespace fastshesha
