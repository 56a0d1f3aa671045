// Levels value by value; see avx2_level_lanes.inl.

namespace fastshesha {
namespace {

template <class Scalar>
constexpr std::size_t level_lanes = 1;

/// height + slope * (place - cell) of the place's cell.
template <class Scalar>
inline Scalar interpolated(Scalar place, const Scalar* cells) {
    const auto cell = static_cast<std::int32_t>(place);
    const Scalar within = place - static_cast<Scalar>(cell);
    return within * cells[2 * cell] + cells[2 * cell + 1];
}

/// The place within [0, limit]; NaN becomes 0.
template <class Scalar>
inline Scalar clamped(Scalar place, Scalar limit) {
    const Scalar positive = place > Scalar{0} ? place : Scalar{0};
    return positive < limit ? positive : limit;
}

template <class Scalar>
inline void find_stretch(const Scalar* values, const LevelMap<Scalar>& map,
                         const StageLimits<Scalar>& limits, std::int32_t* levels) {
    Scalar place = clamped(*values * map.scale + map.offset, limits.cells);
    for (std::size_t stage = 1; stage < map.n_stages; ++stage) {
        place = clamped(interpolated(place, cells_of(map, stage - 1)), limits.cells);
    }
    const Scalar last = interpolated(place, cells_of(map, map.n_stages - 1));
    *levels = static_cast<std::int32_t>(clamped(last, limits.base));
}

}  // namespace
}  // namespace fastshesha
