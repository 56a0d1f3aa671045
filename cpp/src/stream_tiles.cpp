#include "stream_tiles.hpp"

#include <algorithm>

#include "stream_dispatch.hpp"

namespace fastshesha {

WaitingPairs* spread(WaitingPairs* waiting, std::size_t n_features, std::size_t n_panels) {
    if (waiting != nullptr) {
        const std::size_t n_beside = std::max<std::size_t>(1, n_features * n_panels);
        waiting->per_feature = std::max<std::size_t>(1, (waiting->n + n_beside - 1) / n_beside);
        waiting->n_features = waiting->n / waiting->per_feature;
    }
    return waiting;
}

template <class Scalar>
void multiply_area(const StreamKernels<Scalar>& kernels, const TileLoader<Scalar>& tile,
                   std::size_t side, const Area& area, Scalar* products, WaitingPairs* waiting) {
    const std::size_t rows = kernels.panel_rows;
    const std::size_t columns = kernels.panel_columns;
    const std::size_t n = tile.rows().n_features(side);
    const Scalar* column_panel = tile.columns().panel(side, area.first_column);
    std::size_t k = 0;
    do {
        const std::size_t n_now = std::min(feature_stretch, n - k);
        for (std::size_t slot = area.begin; slot < area.last_row; slot += rows) {
            kernels.multiply(tile.rows().panel(side, slot) + k * rows, column_panel + k * columns,
                             n_now, k > 0, products + (slot - area.begin) * columns, waiting);
        }
        k += n_now;
    } while (k < n);
}

template <class Scalar>
StreamTiles<Scalar>::StreamTiles(const StreamPair& pair, const PairPlan& plan)
    : pair_(pair),
      kernels_(active_stream_kernels<Scalar>()),
      tile_(pair, plan, kernels_),
      values_{std::vector<Scalar>(stream_area), std::vector<Scalar>(stream_area)} {}

template <class Scalar>
void StreamTiles<Scalar>::run(std::size_t tile, PairSink<Scalar>& sink) {
    tile_.load(tile);
    const TileAreas& areas = tile_.areas();
    const std::size_t n_features = tile_.rows().n_features(0) + tile_.rows().n_features(1);
    areas.for_each([&](const Area& area) {
        const std::size_t n_panels = areas.n_panels(area);
        WaitingPairs* waiting = spread(sink.waiting(), n_features, n_panels);
        compute(0, area, waiting);
        if (pair_.codes == nullptr) {
            compute(1, area, waiting);
        } else {
            compare_codes(area);
        }
        sink.enter(values_[0].data(), values_[1].data(), areas.n_entries(area));
        areas.take_pairs(area, sink);
    });
}

template <class Scalar>
void StreamTiles<Scalar>::compute(std::size_t side, const Area& area, WaitingPairs* waiting) {
    multiply_area(kernels_, tile_, side, area, values_[side].data(), waiting);
    const StreamSide& described = side == 0 ? pair_.a : pair_.b;
    if (described.metric == Metric::euclidean ||
        (pair_.is_single && described.single.centre != nullptr)) {
        kernels_.subtract_offsets(tile_.rows().offsets(side) + area.begin,
                                  tile_.columns().offsets(side) + area.first_column,
                                  area.last_row - area.begin, values_[side].data());
    }
}

template <class Scalar>
void StreamTiles<Scalar>::compare_codes(const Area& area) {
    const std::int64_t* codes = tile_.columns().codes() + area.first_column;
    Scalar* to = values_[1].data();
    for (std::size_t slot = area.begin; slot < area.last_row; ++slot) {
        for (std::size_t c = 0; c < kernels_.panel_columns; ++c) {
            *to++ = codes[c] == tile_.rows().codes()[slot] ? Scalar{1} : Scalar{0};
        }
    }
}

template void multiply_area(const StreamKernels<float>&, const TileLoader<float>&, std::size_t,
                            const Area&, float*, WaitingPairs*);
template void multiply_area(const StreamKernels<double>&, const TileLoader<double>&, std::size_t,
                            const Area&, double*, WaitingPairs*);
template class StreamTiles<float>;
template class StreamTiles<double>;

}  // namespace fastshesha
