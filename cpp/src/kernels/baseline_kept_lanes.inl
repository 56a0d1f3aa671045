// Large values moved to the front one by one, where there are any among a few.

#include <cstddef>
#include <cstdint>

namespace fastshesha {
namespace {

constexpr std::size_t kept_lanes = 4;

typedef float KeptValues __attribute__((vector_size(16)));

inline bool is_any_above(const float* values, float limit) {
    KeptValues some;
    __builtin_memcpy(&some, values, sizeof some);
    const auto above = some > limit;
    std::uint64_t halves[2];
    __builtin_memcpy(halves, &above, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

inline std::size_t keep_lanes_above(const float* values, const std::uint32_t* numbers, float limit,
                                    float* kept_values, std::uint32_t* kept_numbers) {
    if (!is_any_above(values, limit)) {
        return 0;
    }
    std::size_t n_kept = 0;
    for (std::size_t lane = 0; lane < kept_lanes; ++lane) {
        const float value = values[lane];
        kept_values[n_kept] = value;
        kept_numbers[n_kept] = numbers[lane];
        n_kept += value > limit ? 1 : 0;
    }
    return n_kept;
}

}  // namespace
}  // namespace fastshesha
