#include "stream_rows.hpp"

#include <algorithm>

#include "fastshesha/error.hpp"

namespace fastshesha {

template <class Scalar>
StreamRows<Scalar>::StreamRows(const RowReader<Scalar>& reader, std::size_t width)
    : width_(width), n_features_{reader.n_features(0), reader.n_features(1)} {
    for (std::size_t side = 0; side < 2; ++side) {
        waiting_[side].resize(width_ * n_features_[side]);
    }
}

template <class Scalar>
void StreamRows<Scalar>::clear(std::size_t n_rows) {
    n_slots_ = 0;
    blocks_.clear();
    const std::size_t n_slots = (n_rows + width_ - 1) / width_ * width_;
    for (std::size_t side = 0; side < 2; ++side) {
        data_[side].resize(
            std::max(data_[side].size(), checked_multiply(n_slots, n_features_[side])));
        offsets_[side].resize(std::max(offsets_[side].size(), n_slots));
    }
    codes_.resize(std::max(codes_.size(), n_slots));
}

template <class Scalar>
void StreamRows<Scalar>::place(const RowReader<Scalar>& reader, std::int64_t code) {
    const std::size_t r = n_slots_ % width_;
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t n = n_features_[side];
        std::copy_n(reader.values(side), n, waiting_[side].data() + r * n);
        offsets_[side][n_slots_] = reader.offset(side);
    }
    codes_[n_slots_] = code;
    ++n_slots_;
    if (r + 1 == width_) {
        write_panel(n_slots_ - width_);
    }
}

/// Whole panels are written at once: single rows would touch all of their cache lines each time.
template <class Scalar>
void StreamRows<Scalar>::write_panel(std::size_t first_slot) {
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t n = n_features_[side];
        const Scalar* from = waiting_[side].data();
        Scalar* to = data_[side].data() + first_slot * n;
        for (std::size_t k = 0; k < n; ++k) {
            for (std::size_t r = 0; r < width_; ++r) {
                to[k * width_ + r] = from[r * n + k];
            }
        }
    }
}

template <class Scalar>
void StreamRows<Scalar>::end_block(std::size_t id) {
    blocks_.push_back({blocks_.empty() ? 0 : blocks_.back().last, n_slots_, id});
}

template <class Scalar>
void StreamRows<Scalar>::finish() {
    const std::size_t n_used = n_slots_ % width_;
    if (n_used == 0) {
        return;
    }
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t n = n_features_[side];
        std::fill_n(waiting_[side].data() + n_used * n, (width_ - n_used) * n, Scalar{0});
    }
    write_panel(n_slots_ - n_used);
}

template class StreamRows<float>;
template class StreamRows<double>;

}  // namespace fastshesha
