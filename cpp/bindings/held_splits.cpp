#include "held_splits.hpp"

#include <algorithm>

#include "fastshesha/error.hpp"

namespace fastshesha::python {
namespace {

std::vector<std::uint32_t> checked_positions(const IndexArray& indices, std::size_t n_columns) {
    std::vector<std::uint32_t> positions;
    for (const std::int64_t index : copy_indices(indices)) {
        const bool rises = positions.empty() || index > std::int64_t{positions.back()};
        require(index >= 0 && static_cast<std::size_t>(index) < n_columns && rises,
                "a split must hold rising positions of columns");
        positions.push_back(static_cast<std::uint32_t>(index));
    }
    return positions;
}

}  // namespace

HeldSplits::HeldSplits(const HeldSide& whole, const std::vector<IndexArray>& first,
                       const std::vector<IndexArray>& left_out,
                       const std::vector<HeldLevelMap>& maps_a,
                       const std::vector<HeldLevelMap>& maps_b, bool keep_undefined,
                       const IndexArray& rows, std::size_t n_blocks, std::size_t n_rounds,
                       std::size_t rows_per_tile)
    : whole_(whole),
      maps_a_(maps_a),
      maps_b_(maps_b),
      keep_undefined_(keep_undefined),
      plan_(rows, whole.view().X.n_rows, n_blocks, n_rounds, rows_per_tile) {
    require(first.size() == maps_a.size() && first.size() == maps_b.size(),
            "there are two maps a split");
    require(first.size() == left_out.size(), "every split tells what it leaves out");
    const std::size_t n_columns = whole.view().columns.size();
    for (std::size_t s = 0; s < first.size(); ++s) {
        first_.push_back(checked_positions(first[s], n_columns));
        left_out_.push_back(checked_positions(left_out[s], n_columns));
    }
}

std::vector<StreamSplit> HeldSplits::splits() const {
    std::vector<StreamSplit> splits;
    for (std::size_t s = 0; s < first_.size(); ++s) {
        splits.push_back(
            {first_[s], left_out_[s], maps_a_[s].single_view(0.0), maps_b_[s].single_view(0.0)});
    }
    return splits;
}

SplitStream HeldSplits::stream(const std::vector<StreamSplit>& splits) const {
    return {whole_.view(), splits, keep_undefined_};
}

std::size_t HeldSplits::n_tiles() const { return count_tiles(plan_.view()); }

IndexArray HeldSplits::level_counts(std::size_t first_tile, std::size_t last_tile,
                                    std::size_t n_levels, int n_threads) const {
    const std::vector<StreamSplit> all = splits();
    for (const StreamSplit& split : all) {
        require(n_levels >= std::max(split.map_a.n_levels, split.map_b.n_levels),
                "the state has too few levels");
    }
    IndexArray state({all.size(), plan_.n_states(), state_arrays, n_levels});
    std::int64_t* counts = state.mutable_data();
    const auto size = static_cast<std::size_t>(state.size());
    without_gil([&] {
        std::fill_n(counts, size, std::int64_t{0});
        add_split_counts(stream(all), plan_.view(), first_tile, last_tile, n_levels, n_threads,
                         counts);
    });
    return state;
}

py::tuple HeldSplits::similarities(std::size_t split, int n_threads) const {
    const std::vector<StreamSplit> all = splits();
    return plan_.written([&](double* a, double* b) {
        split_similarities(stream(all), split, plan_.view(), n_threads, a, b);
    });
}

}  // namespace fastshesha::python
