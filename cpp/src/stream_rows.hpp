#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "row_reader.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Slots [first, last) that hold the rows of a block.
struct RowBlock {
    std::size_t first;
    std::size_t last;
    std::size_t id;
};

/// Rows of both sides laid out for the kernels in slots, block after block: feature k of slot s
/// lies in panel s / width at k * width + s % width.
template <class Scalar>
class StreamRows {
public:
    StreamRows(const RowReader<Scalar>& reader, std::size_t width);

    /// Empties the set, and makes room for so many rows.
    void clear(std::size_t n_rows);
    /// Puts what the reader read last behind the rows that are there.
    void place(const RowReader<Scalar>& reader, std::int64_t code);
    /// Ends a block: the rows since the last one.
    void end_block(std::size_t id);
    /// Fills the last panel: slots that stay free are multiplied, too.
    void finish();

    const std::vector<RowBlock>& blocks() const { return blocks_; }
    std::size_t width() const { return width_; }
    std::size_t n_slots() const { return n_slots_; }
    std::size_t n_features(std::size_t side) const { return n_features_[side]; }
    const Scalar* panel(std::size_t side, std::size_t slot) const {
        return data_[side].data() + slot / width_ * width_ * n_features_[side];
    }
    const Scalar* offsets(std::size_t side) const { return offsets_[side].data(); }
    const std::int64_t* codes() const { return codes_.data(); }

private:
    void write_panel(std::size_t first_slot);

    std::size_t width_;
    std::size_t n_features_[2];
    std::size_t n_slots_ = 0;
    std::vector<RowBlock> blocks_;
    WorkBuffer<Scalar> data_[2];
    // Rows of a panel that is not full yet.
    std::vector<Scalar> waiting_[2];
    std::vector<Scalar> offsets_[2];
    std::vector<std::int64_t> codes_;
};

}  // namespace fastshesha
