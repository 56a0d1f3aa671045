#include "stream_rows.hpp"

#include <algorithm>

#include "fastshesha/error.hpp"

namespace fastshesha {

template <class Scalar>
StreamRows<Scalar>::StreamRows(const RowReader<Scalar>& reader, std::size_t width)
    : width_(width), n_features_{reader.n_features(0), reader.n_features(1)} {}

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
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t n = n_features_[side];
        Scalar* to = data_[side].data() + n_slots_ / width_ * width_ * n + n_slots_ % width_;
        const Scalar* from = reader.values(side);
        for (std::size_t k = 0; k < n; ++k) {
            to[k * width_] = from[k];
        }
        offsets_[side][n_slots_] = reader.offset(side);
    }
    codes_[n_slots_] = code;
    ++n_slots_;
}

template <class Scalar>
void StreamRows<Scalar>::end_block(std::size_t id) {
    blocks_.push_back({blocks_.empty() ? 0 : blocks_.back().last, n_slots_, id});
}

template <class Scalar>
void StreamRows<Scalar>::finish() {
    for (std::size_t slot = n_slots_; slot % width_ != 0; ++slot) {
        for (std::size_t side = 0; side < 2; ++side) {
            const std::size_t n = n_features_[side];
            Scalar* to = data_[side].data() + slot / width_ * width_ * n + slot % width_;
            for (std::size_t k = 0; k < n; ++k) {
                to[k * width_] = Scalar{0};
            }
        }
    }
}

template class StreamRows<float>;
template class StreamRows<double>;

}  // namespace fastshesha
