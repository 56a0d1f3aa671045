#include "held_stream.hpp"

#include <algorithm>

#include "fastshesha/error.hpp"
#include "fastshesha/single_map.hpp"

namespace fastshesha::python {
namespace {

std::vector<double> copied_centre(const std::optional<DoubleArray>& centre, std::size_t n) {
    if (!centre) {
        return {};
    }
    require(static_cast<std::size_t>(centre->size()) == n,
            "a centre must hold one value per column");
    return {centre->data(), centre->data() + centre->size()};
}

std::vector<LevelAtom> atoms_between(const DoubleArray& bounds, const TableArray& steps) {
    require(bounds.size() == steps.size() && bounds.size() % 2 == 0, "atoms have two bounds");
    std::vector<LevelAtom> atoms;
    for (py::ssize_t k = 0; k + 1 < bounds.size(); k += 2) {
        atoms.push_back(
            {bounds.data()[k], bounds.data()[k + 1], steps.data()[k], steps.data()[k + 1]});
    }
    return atoms;
}

void require_levels_below(const std::vector<std::uint32_t>& entries,
                          const std::vector<LevelAtom>& atoms, std::size_t n_levels) {
    for (const std::uint32_t entry : entries) {
        require((entry >> 16) < atoms.size(), "no such atom");
        const LevelAtom& atom = atoms[entry >> 16];
        const std::int64_t top = std::int64_t{entry & 0xffffu} + atom.inside + atom.above;
        require(atom.inside >= 0 && atom.above >= 0 && top < static_cast<std::int64_t>(n_levels),
                "a level lies beyond the last");
    }
}

}  // namespace

HeldLevelMap::HeldLevelMap(double scale, double offset, const DoubleArray& cells,
                           std::size_t n_base, const EntryArray& entries, const DoubleArray& bounds,
                           const TableArray& steps, std::size_t n_levels)
    : cells_(cells.data(), cells.data() + cells.size()),
      entries_(entries.data(), entries.data() + entries.size()) {
    require(cells.ndim() == 3 && cells.shape(2) == 2 && cells.size() > 0, "cells have pairs");
    require(n_levels <= most_levels && n_base >= 1, "a map has up to 65536 levels");
    require(entries_.empty() ? n_base <= n_levels : entries_.size() == n_base,
            "there is one entry a stretch");
    atoms_ = atoms_between(bounds, steps);
    require_levels_below(entries_, atoms_, n_levels);
    shape_ = {scale,
              offset,
              nullptr,
              static_cast<std::size_t>(cells.shape(0)),
              static_cast<std::size_t>(cells.shape(1)),
              n_base,
              nullptr,
              nullptr,
              n_levels};
    single_cells_ = single_cells(view());
}

LevelMap<float> HeldLevelMap::single_view(double shift) const {
    return {static_cast<float>(shape_.scale),
            static_cast<float>(shape_.offset + shift * shape_.scale),
            single_cells_.data(),
            shape_.n_stages,
            shape_.n_cells,
            shape_.n_base,
            entries_.empty() ? nullptr : entries_.data(),
            atoms_.data(),
            shape_.n_levels};
}

LevelMap<double> HeldLevelMap::view() const {
    LevelMap<double> map = shape_;
    map.cells = cells_.data();
    map.entries = entries_.empty() ? nullptr : entries_.data();
    map.atoms = atoms_.data();
    return map;
}

TableArray HeldLevelMap::levels(const DoubleArray& values) const {
    TableArray levels(values.size());
    const double* from = values.data();
    std::int32_t* to = levels.mutable_data();
    const auto n = static_cast<std::size_t>(values.size());
    without_gil([&] { map_levels(from, n, view(), to); });
    return levels;
}

TableArray HeldLevelMap::single_levels(const SingleArray& values, double shift) const {
    TableArray levels(values.size());
    const float* from = values.data();
    std::int32_t* to = levels.mutable_data();
    const auto n = static_cast<std::size_t>(values.size());
    without_gil([&] { map_levels(from, n, single_view(shift), to); });
    return levels;
}

HeldSide::HeldSide(const py::array& X, const IndexArray& columns,
                   const std::optional<DoubleArray>& centre,
                   const std::optional<DoubleArray>& unit_centre, const std::string& metric,
                   const HeldLevelMap& map)
    : X_(X),
      matrix_(view_matrix(X)),
      columns_(checked_indices(columns, matrix_.n_columns, "a feature index lies outside X")),
      metric_(parse_metric(metric)),
      map_(map) {
    centre_ = copied_centre(centre, columns_.size());
    unit_centre_ = copied_centre(unit_centre, columns_.size());
    for (const double value : unit_centre_) {
        shift_ += value * value;
    }
}

StreamSide HeldSide::view() const {
    const double* unit_centre = unit_centre_.empty() ? nullptr : unit_centre_.data();
    return {matrix_, columns_,    centre_.empty() ? nullptr : centre_.data(),
            metric_, map_.view(), {unit_centre, shift_, map_.single_view(shift_)}};
}

py::array_t<bool> HeldSide::undefined_rows(int n_threads) const {
    py::array_t<bool> undefined(static_cast<py::ssize_t>(matrix_.n_rows));
    auto* to = reinterpret_cast<std::uint8_t*>(undefined.mutable_data());
    without_gil([&] { find_undefined_rows(view(), n_threads, to); });
    return undefined;
}

HeldStream::HeldStream(const HeldSide& a, const HeldSide& b, const std::optional<IndexArray>& codes,
                       bool keep_undefined, bool is_single, const IndexArray& rows,
                       std::size_t n_blocks, std::size_t n_rounds, std::size_t rows_per_tile)
    : a_(a),
      b_(b),
      keep_undefined_(keep_undefined),
      is_single_(is_single),
      plan_(rows, std::min(a.view().X.n_rows, b.view().X.n_rows), n_blocks, n_rounds,
            rows_per_tile) {
    if (codes) {
        codes_ = copy_indices(*codes);
        require(codes_.size() == a.view().X.n_rows, "codes must hold one value per row of X");
    }
}

StreamPair HeldStream::pair() const {
    return {a_.view(), b_.view(), codes_.empty() ? nullptr : codes_.data(), keep_undefined_,
            is_single_};
}

std::size_t HeldStream::n_tiles() const { return count_tiles(plan_.view()); }

IndexArray HeldStream::level_counts(std::size_t first_tile, std::size_t last_tile,
                                    std::size_t n_levels, int n_threads) const {
    require(n_levels >= std::max(a_.view().map.n_levels, b_.view().map.n_levels),
            "the state has too few levels");
    IndexArray state({plan_.n_states(), state_arrays, n_levels});
    std::int64_t* counts = state.mutable_data();
    without_gil([&] {
        std::fill_n(counts, plan_.n_states() * state_arrays * n_levels, std::int64_t{0});
        add_level_counts(pair(), plan_.view(), first_tile, last_tile, n_levels, n_threads, counts);
    });
    return state;
}

py::tuple HeldStream::table_products(std::size_t first_tile, std::size_t last_tile,
                                     const TableArray& table_a, const TableArray& table_b,
                                     int n_threads) const {
    require(static_cast<std::size_t>(table_a.size()) >= a_.view().map.n_levels &&
                static_cast<std::size_t>(table_b.size()) >= b_.view().map.n_levels,
            "a table has too few levels");
    const std::int32_t* tables[] = {table_a.data(), table_b.data()};
    const TableProducts total = without_gil([&] {
        return sum_table_products(pair(), plan_.view(), first_tile, last_tile, tables[0], tables[1],
                                  n_threads);
    });
    return py::make_tuple(total.high, total.low, total.n_pairs);
}

py::tuple HeldStream::similarities(int n_threads) const {
    return plan_.written([&](double* a, double* b) {
        fastshesha::similarities(pair(), plan_.view(), n_threads, a, b);
    });
}

}  // namespace fastshesha::python
