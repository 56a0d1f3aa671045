// One stage of a level map, value by value; see avx2_level_lanes.inl.

namespace fastshesha {
namespace {

/// places[c] = height + slope * (place - cell) of its cell, no lower than 0 or higher than limit.
template <class Scalar>
inline void apply_stage(Scalar* places, std::size_t n, const Scalar* cells, Scalar limit) {
    for (std::size_t c = 0; c < n; ++c) {
        const std::int32_t cell = static_cast<std::int32_t>(places[c]);
        const Scalar within = places[c] - static_cast<Scalar>(cell);
        places[c] = clamped(multiply_add(within, cells[2 * cell], cells[2 * cell + 1]), limit);
    }
}

}  // namespace
}  // namespace fastshesha
