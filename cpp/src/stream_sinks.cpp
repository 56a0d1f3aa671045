#include "stream_sinks.hpp"

#include <algorithm>

namespace fastshesha {
namespace {

// Levels are below 2^16 and counts below 2^24: neither field overflows before.
constexpr std::size_t pairs_per_flush = std::size_t{1} << 23;

}  // namespace

template <>
const LevelMap<float>& map_of(const StreamSide& side) {
    return side.single.map;
}

template <>
const LevelMap<double>& map_of(const StreamSide& side) {
    return side.map;
}

template <class Scalar>
LevelCounter<Scalar>::LevelCounter(const LevelMap<Scalar>& map_a, const LevelMap<Scalar>& map_b,
                                   SharedState& shared)
    : LevelSink<Scalar>(map_a, map_b),
      shared_(shared),
      count_(active_stream_kernels<Scalar>().count),
      tables_(shared.n_rounds * 2 * shared.n_levels) {
    std::fill(tables_.begin(), tables_.end(), std::uint64_t{0});
}

template <class Scalar>
void LevelCounter<Scalar>::enter(const Scalar* a, const Scalar* b, std::size_t n) {
    count_(waiting_);
    LevelSink<Scalar>::enter(a, b, n);
}

template <class Scalar>
void LevelCounter<Scalar>::take(std::size_t first, std::size_t n, const PairPlace& place) {
    count_(waiting_);
    waiting_.a = this->a_ + first;
    waiting_.b = this->b_ + first;
    waiting_.n = n;
    waiting_.of_a = tables_.data() + place.round * 2 * shared_.n_levels;
    waiting_.of_b = waiting_.of_a + shared_.n_levels;
    n_pairs_ += n;
    if (n_pairs_ + stream_area > pairs_per_flush) {
        flush();
    }
}

template <class Scalar>
void LevelCounter<Scalar>::flush() {
    count_(waiting_);
    if (n_pairs_ == 0) {
        return;
    }
    const std::lock_guard lock(shared_.mutex);
    const std::size_t n = shared_.n_levels;
    for (std::size_t table = 0; table < 2 * shared_.n_rounds; ++table) {
        const std::uint64_t* packed = tables_.data() + table * n;
        std::int64_t* counts = shared_.counts + table * 2 * n;
        for (std::size_t level = 0; level < n; ++level) {
            counts[level] += static_cast<std::int64_t>(packed[level] >> count_shift);
            counts[n + level] += static_cast<std::int64_t>(packed[level] & sum_mask);
        }
    }
    std::fill(tables_.begin(), tables_.end(), std::uint64_t{0});
    n_pairs_ = 0;
}

template <class Scalar>
void ProductSum<Scalar>::take(std::size_t first, std::size_t n, const PairPlace&) {
    // Products are below 2^48 in size, and an area holds fewer than 2^15 of them.
    std::int64_t sum = 0;
    for (std::size_t k = first; k < first + n; ++k) {
        sum += std::int64_t{table_a_[this->a_[k]]} * table_b_[this->b_[k]];
    }
    total_.high += sum >> 32;
    total_.low += sum & 0xffffffff;
    total_.n_pairs += static_cast<std::int64_t>(n);
}

template <class Scalar>
SimilarityWriter<Scalar>::SimilarityWriter(const PairPlan& plan, double* a, double* b)
    : block_size_(largest_block(plan)),
      per_row_(similarities_per_row(plan)),
      out_a_(a),
      out_b_(b) {}

template <class Scalar>
void SimilarityWriter<Scalar>::enter(const Scalar* a, const Scalar* b, std::size_t) {
    a_ = a;
    b_ = b;
}

template <class Scalar>
void SimilarityWriter<Scalar>::take(std::size_t first, std::size_t n, const PairPlace& place) {
    const std::size_t to = (place.row_block * block_size_ + place.row_in_block) * per_row_ +
                           place.round * block_size_ + place.first_in_block;
    std::copy_n(a_ + first, n, out_a_ + to);
    std::copy_n(b_ + first, n, out_b_ + to);
}

template class LevelCounter<float>;
template class LevelCounter<double>;
template class ProductSum<float>;
template class ProductSum<double>;
template class SimilarityWriter<float>;
template class SimilarityWriter<double>;

}  // namespace fastshesha
