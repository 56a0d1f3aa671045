#include "split_tiles.hpp"

#include <algorithm>

#include "stream_dispatch.hpp"

namespace fastshesha {
namespace {

/// All columns as the first side, so that no row is left out when they are packed.
StreamPair whole_pair(const SplitStream& stream) {
    StreamPair pair{stream.whole, stream.whole, nullptr, true, true};
    pair.b.columns = {};
    return pair;
}

}  // namespace

SplitTiles::SplitTiles(const SplitStream& stream, const PairPlan& plan)
    : stream_(stream),
      pair_(whole_pair(stream)),
      kernels_(active_stream_kernels<float>()),
      tile_(pair_, plan, kernels_),
      values_{std::vector<float>(stream_area), std::vector<float>(stream_area)},
      rows_(stream.whole, plan, tile_.rows(), -1.0F),
      columns_(stream.whole, plan, tile_.columns(), 1.0F) {}

void SplitTiles::load(std::size_t tile) {
    tile_.load(tile);
    const TileAreas& areas = tile_.areas();
    std::size_t n = 0;
    areas.for_each([&](const Area& area) { n += areas.n_computed(area); });
    totals_.resize(std::max(totals_.size(), n));
    float* to = totals_.data();
    areas.for_each([&](const Area& area) {
        multiply_area(kernels_, tile_, 0, area, to, nullptr);
        to += areas.n_computed(area);
    });
    rows_.load();
    columns_.load();
}

void SplitTiles::run(const StreamSplit& split, PairSink<float>& sink) {
    rows_.describe(split);
    columns_.describe(split);
    CountedSlots counted;
    if (!stream_.keep_undefined && !(rows_.are_all_defined() && columns_.are_all_defined())) {
        counted = {rows_.defined(), columns_.defined()};
    }
    const TileAreas& areas = tile_.areas();
    const float* totals = totals_.data();
    areas.for_each([&](const Area& area) {
        multiply_first(split, area,
                       spread(sink.waiting(), split.first.size(), areas.n_panels(area)));
        const std::size_t n_computed = areas.n_computed(area);
        kernels_.subtract(totals, values_[0].data(), n_computed / kernels_.panel_columns,
                          values_[1].data());
        finish(0, area);
        finish(1, area);
        sink.enter(values_[0].data(), values_[1].data(), areas.n_entries(area));
        areas.take_pairs(area, sink, counted);
        totals += n_computed;
    });
}

void SplitTiles::multiply_first(const StreamSplit& split, const Area& area, WaitingPairs* waiting) {
    const std::size_t n = tile_.rows().n_features(0);
    const std::uint32_t* features = split.first.data();
    const std::uint32_t* const end = features + split.first.size();
    const float* columns = tile_.columns().panel(0, area.first_column);
    std::size_t k = 0;
    do {
        const std::uint32_t* next = std::lower_bound(features, end, k + feature_stretch);
        for (std::size_t slot = area.begin; slot < area.last_row; slot += kernels_.panel_rows) {
            kernels_.multiply_listed(
                tile_.rows().panel(0, slot), columns, features,
                static_cast<std::size_t>(next - features), k > 0,
                values_[0].data() + (slot - area.begin) * kernels_.panel_columns, waiting);
        }
        features = next;
        k += feature_stretch;
    } while (k < n);
}

void SplitTiles::finish(std::size_t half, const Area& area) {
    float* values = values_[half].data();
    const std::size_t n_terms = rows_.n_terms(half);
    for (std::size_t slot = area.begin; n_terms > 0 && slot < area.last_row;
         slot += kernels_.panel_rows) {
        kernels_.multiply(rows_.terms(half, slot), columns_.terms(half, area.first_column), n_terms,
                          true, values + (slot - area.begin) * kernels_.panel_columns, nullptr);
    }
    kernels_.scale(rows_.factors(half) + area.begin, columns_.factors(half) + area.first_column,
                   area.last_row - area.begin, values);
}

}  // namespace fastshesha
