#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "fastshesha/tile_stream.hpp"
#include "held_plan.hpp"

namespace fastshesha::python {

using EntryArray = py::array_t<std::uint32_t, py::array::c_style | py::array::forcecast>;
using SingleArray = py::array_t<float, py::array::c_style | py::array::forcecast>;
using TableArray = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>;

/// A level map with its tables.
class HeldLevelMap {
public:
    HeldLevelMap(double scale, double offset, const DoubleArray& cells, std::size_t n_base,
                 const EntryArray& entries, const DoubleArray& bounds, const TableArray& steps,
                 std::size_t n_levels);
    LevelMap<double> view() const;
    /// The same map in float32 for similarities less `shift`.
    LevelMap<float> single_view(double shift) const;
    TableArray levels(const DoubleArray& values) const;
    TableArray single_levels(const SingleArray& values, double shift) const;

private:
    LevelMap<double> shape_{};
    std::vector<double> cells_;
    std::vector<float> single_cells_;
    std::vector<std::uint32_t> entries_;
    std::vector<LevelAtom> atoms_;
};

/// One side with the array it reads, checked once.
class HeldSide {
public:
    HeldSide(const py::array& X, const IndexArray& columns,
             const std::optional<DoubleArray>& centre,
             const std::optional<DoubleArray>& unit_centre, const std::string& metric,
             const HeldLevelMap& map);
    StreamSide view() const;
    /// What tiles in float32 take from every similarity.
    double shift() const { return shift_; }
    py::array_t<bool> undefined_rows(int n_threads) const;

private:
    py::array X_;
    MatrixView matrix_;
    std::vector<std::int64_t> columns_;
    std::vector<double> centre_;
    std::vector<double> unit_centre_;
    double shift_ = 0.0;
    Metric metric_;
    HeldLevelMap map_;
};

/// Two sides and a plan of their pairs, whose tiles can be run.
class HeldStream {
public:
    HeldStream(const HeldSide& a, const HeldSide& b, const std::optional<IndexArray>& codes,
               bool keep_undefined, bool is_single, const IndexArray& rows, std::size_t n_blocks,
               std::size_t n_rounds, std::size_t rows_per_tile);
    std::size_t n_tiles() const;
    IndexArray level_counts(std::size_t first_tile, std::size_t last_tile, std::size_t n_levels,
                            int n_threads) const;
    py::tuple table_products(std::size_t first_tile, std::size_t last_tile,
                             const TableArray& table_a, const TableArray& table_b,
                             int n_threads) const;
    py::tuple similarities(int n_threads) const;

private:
    StreamPair pair() const;

    HeldSide a_;
    HeldSide b_;
    std::vector<std::int64_t> codes_;
    bool keep_undefined_;
    bool is_single_;
    HeldPlan plan_;
};

}  // namespace fastshesha::python
