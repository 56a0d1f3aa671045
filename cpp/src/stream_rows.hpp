#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/tile_stream.hpp"
#include "kernels/kernels.hpp"
#include "kernels/stream_kernels.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Widens one row of a side, centred and of unit length where the metric asks for it. `offset` is
/// half the squared length under euclidean, else 0. False where the row has no direction or its
/// square leaves the range of float64; it is zero then.
bool read_stream_row(const StreamSide& side, std::size_t row, double* out, double& offset);

/// Rows of both sides in float64, laid out for the kernels in slots, block after block. Zeros fill
/// the last panel.
class StreamRows {
public:
    StreamRows(const StreamPair& pair, const Kernels& kernels);

    struct Block {
        std::size_t first;  ///< first slot
        std::size_t last;   ///< behind the last slot in use
        std::size_t id;
    };

    /// Empties the set, and makes room for so many rows.
    void clear(std::size_t n_rows);
    /// Packs rows behind those that are there, without the undefined ones that do not count.
    void add_block(std::span<const std::int64_t> rows, std::size_t id);
    /// Makes sure that whole tiles can be read from every panel on.
    void finish();

    const std::vector<Block>& blocks() const { return blocks_; }
    const double* panel(std::size_t side, std::size_t p) const {
        return data_[side].data() + p * panel_stride(side);
    }
    std::size_t panel_stride(std::size_t side) const { return n_features_[side] * panel_rows_; }
    std::size_t n_features(std::size_t side) const { return n_features_[side]; }
    const double* offsets(std::size_t side) const { return offsets_[side].data(); }
    const std::int64_t* codes() const { return codes_.data(); }

private:
    std::size_t spare_panels() const;
    void add_panels(std::size_t n_panels);
    void place(std::size_t side, std::size_t slot, const double* row, double offset);

    const StreamPair& pair_;
    std::size_t panel_rows_;
    std::size_t tile_panels_;
    std::size_t n_features_[2];
    std::size_t n_slots_ = 0;
    std::size_t n_panels_ = 0;
    std::vector<Block> blocks_;
    WorkBuffer<double> data_[2];
    std::vector<double> offsets_[2];
    std::vector<std::int64_t> codes_;
    std::vector<double> row_[2];
};

}  // namespace fastshesha
