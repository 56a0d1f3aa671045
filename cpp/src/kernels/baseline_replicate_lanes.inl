// Sixteen replicates side by side, as replicates.inl wants them, for any processor.

#include "kernels.hpp"

namespace fastshesha {
namespace {

/// One 32-bit integer for every replicate.
struct Lanes {
    std::int32_t at[replicate_lanes];
};

/// One 64-bit integer for every replicate.
struct WideLanes {
    std::int64_t at[replicate_lanes];
};

inline Lanes load_lanes(const std::int32_t* from) {
    Lanes lanes;
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        lanes.at[r] = from[r];
    }
    return lanes;
}
inline void store_lanes(std::int32_t* to, const Lanes& value) {
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        to[r] = value.at[r];
    }
}
inline void stream_lanes(std::int32_t* to, const Lanes& value) { store_lanes(to, value); }
inline void end_stream() {}
inline Lanes zero_lanes() { return {}; }
inline WideLanes zero_wide_lanes() { return {}; }

/// Products of two rows of counts.
inline Lanes weigh(const std::uint8_t* first, const std::uint8_t* second) {
    Lanes weight;
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        weight.at[r] = first[r] * second[r];
    }
    return weight;
}
inline Lanes add(const Lanes& a, const Lanes& b) {
    Lanes sum;
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        sum.at[r] = a.at[r] + b.at[r];
    }
    return sum;
}
inline Lanes multiply(const Lanes& a, const Lanes& b) {
    Lanes product;
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        product.at[r] = a.at[r] * b.at[r];
    }
    return product;
}
inline void add_products(WideLanes& sums, const Lanes& a, const Lanes& b) {
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        sums.at[r] += std::int64_t{a.at[r]} * b.at[r];
    }
}
inline void store_wide_lanes(std::int64_t* to, const WideLanes& sums) {
    for (std::size_t r = 0; r < replicate_lanes; ++r) {
        to[r] = sums.at[r];
    }
}

}  // namespace
}  // namespace fastshesha
