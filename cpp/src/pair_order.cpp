#include "pair_order.hpp"

#include <algorithm>

namespace fastshesha {
namespace {

// A quarter of a millisecond to a few, for sixteen replicates.
constexpr std::size_t pairs_per_part = 1u << 17;
// Runs of single pairs are cut, so that a part need not end inside of one.
constexpr std::uint32_t longest_single_run = 1u << 16;
constexpr std::size_t fetch_distance = 24;

}  // namespace

/// Takes down the order in which values come, and where their ranks stay the same.
class PairOrder::Collector final : public RankSink {
public:
    explicit Collector(PairOrder& order) : order_(order) {}

    void accept(const std::uint32_t* tags, const std::uint32_t* doubled_ranks,
                std::size_t n) override {
        std::copy_n(tags, n, order_.indices_.data() + n_collected_);
        n_collected_ += n;
        for (std::size_t k = 0; k < n; ++k) {
            if (doubled_ranks[k] == rank_ && n_equal_ > 0) {
                ++n_equal_;
                continue;
            }
            close_group();
            rank_ = doubled_ranks[k];
            n_equal_ = 1;
        }
    }

    /// To be called after the last value.
    void finish() {
        close_group();
        if (n_single_ > 0) {
            close_run(0);
        }
    }

private:
    void close_group() {
        if (n_equal_ > 1) {
            close_run(n_equal_);
        } else {
            n_single_ += n_equal_;
            if (n_single_ == longest_single_run) {
                close_run(0);
            }
        }
        n_equal_ = 0;
    }
    void close_run(std::uint32_t n_tied) {
        order_.runs_.push_back({n_single_, n_tied});
        n_single_ = 0;
    }

    PairOrder& order_;
    std::size_t n_collected_ = 0;
    std::uint32_t n_single_ = 0;
    std::uint32_t n_equal_ = 0;
    std::uint32_t rank_ = 0;
};

void PairOrder::sort(const double* values, const std::uint32_t* rows, std::size_t n,
                     Ranker& ranker) {
    indices_.resize(n);
    rows_.resize(n);
    runs_.clear();
    Collector collector(*this);
    ranker.rank(values, n, collector);
    collector.finish();
    for (std::size_t k = 0; k < n; ++k) {
        __builtin_prefetch(rows + indices_[std::min(k + fetch_distance, n - 1)]);
        rows_[k] = rows[indices_[k]];
    }
    mark_parts();
}

void PairOrder::mark_parts() {
    marks_.assign(1, Mark());
    Mark here;
    for (const TieRun& run : runs_) {
        here.pair += run.n_single + run.n_tied;
        ++here.run;
        if (here.run == runs_.size() || here.pair - marks_.back().pair >= pairs_per_part) {
            marks_.push_back(here);
        }
    }
}

WeightedPairs PairOrder::part(std::size_t part, const std::uint8_t* counts,
                              std::uint32_t largest_weight) const {
    const Mark& begin = marks_[part];
    return {counts,        rows_.data() + begin.pair, line_of_.data() + begin.pair,
            begin.pair,    runs_.data() + begin.run,  marks_[part + 1].run - begin.run,
            largest_weight};
}

void PairOrder::assign_lines(PairOrder& writers, PairOrder& readers) {
    const std::size_t n = readers.n_pairs();
    writers.line_of_.resize(n);
    readers.line_of_.resize(n);
    WorkBuffer<std::uint32_t> place_of(n);
    for (std::size_t place = 0; place < n; ++place) {
        place_of[readers.indices_[place]] = static_cast<std::uint32_t>(place);
    }
    std::vector<std::uint32_t> next_line((n + lines_per_window - 1) / lines_per_window);
    for (std::size_t window = 0; window < next_line.size(); ++window) {
        next_line[window] = static_cast<std::uint32_t>(window * lines_per_window);
    }
    for (std::size_t k = 0; k < n; ++k) {
        const std::uint32_t place = place_of[writers.indices_[k]];
        const std::uint32_t line = next_line[place / lines_per_window]++;
        writers.line_of_[k] = line;
        readers.line_of_[place] = line;
    }
}

}  // namespace fastshesha
