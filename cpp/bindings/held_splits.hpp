#pragma once

#include <cstdint>
#include <vector>

#include "fastshesha/split_stream.hpp"
#include "held_stream.hpp"

namespace fastshesha::python {

/// Several splits of the columns of one side and a plan of their pairs, whose tiles can be run.
class HeldSplits {
public:
    HeldSplits(const HeldSide& whole, const std::vector<IndexArray>& first,
               const std::vector<IndexArray>& left_out, const std::vector<HeldLevelMap>& maps_a,
               const std::vector<HeldLevelMap>& maps_b, bool keep_undefined, const IndexArray& rows,
               std::size_t n_blocks, std::size_t n_rounds, std::size_t rows_per_tile);
    std::size_t n_tiles() const;
    IndexArray level_counts(std::size_t first_tile, std::size_t last_tile, std::size_t n_levels,
                            int n_threads) const;
    py::tuple similarities(std::size_t split, int n_threads) const;

private:
    std::vector<StreamSplit> splits() const;
    SplitStream stream(const std::vector<StreamSplit>& splits) const;

    HeldSide whole_;
    std::vector<std::vector<std::uint32_t>> first_;
    std::vector<std::vector<std::uint32_t>> left_out_;
    std::vector<HeldLevelMap> maps_a_;
    std::vector<HeldLevelMap> maps_b_;
    bool keep_undefined_;
    HeldPlan plan_;
};

}  // namespace fastshesha::python
