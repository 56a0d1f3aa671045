#include "fastshesha/simd.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iterator>
#include <stdexcept>
#include <string>

namespace fastshesha {
namespace {

constexpr SimdLevel all_levels[] = {SimdLevel::baseline, SimdLevel::avx2, SimdLevel::avx512};

/// __builtin_cpu_supports also asks the operating system whether it saves the registers.
bool runs_here(SimdLevel level) {
#if defined(__x86_64__)
    switch (level) {
        case SimdLevel::baseline: return true;
        case SimdLevel::avx2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        case SimdLevel::avx512:
            return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
    }
    return false;
#else
    return level == SimdLevel::baseline;
#endif
}

std::vector<SimdLevel> find_supported_levels() {
    std::vector<SimdLevel> levels;
    std::copy_if(std::begin(all_levels), std::end(all_levels), std::back_inserter(levels),
                 runs_here);
    return levels;
}

SimdLevel parse_supported_level(std::string_view name, const std::string& where) {
    std::string accepted;
    for (const SimdLevel level : supported_simd_levels()) {
        if (name == simd_level_name(level)) {
            return level;
        }
        accepted += (accepted.empty() ? "'" : ", '") + std::string(simd_level_name(level)) + "'";
    }
    throw std::invalid_argument(where + " is '" + std::string(name) +
                                "'; this build and CPU support " + accepted);
}

SimdLevel initial_level() {
    const char* wanted = std::getenv("FASTSHESHA_SIMD");
    return wanted == nullptr || *wanted == '\0' ? supported_simd_levels().back()
                                                : parse_supported_level(wanted, "FASTSHESHA_SIMD");
}

/// Filled on first use, so that a bad FASTSHESHA_SIMD is an error of that call, not of import.
std::atomic<SimdLevel>& current_level() {
    static std::atomic<SimdLevel> level{initial_level()};
    return level;
}

}  // namespace

std::string_view simd_level_name(SimdLevel level) {
    switch (level) {
        case SimdLevel::baseline: return "baseline";
        case SimdLevel::avx2: return "avx2";
        case SimdLevel::avx512: return "avx512";
    }
    return "unknown";
}

const std::vector<SimdLevel>& supported_simd_levels() {
    static const std::vector<SimdLevel> levels = find_supported_levels();
    return levels;
}

SimdLevel active_simd_level() { return current_level().load(); }

void force_simd_level(std::string_view name) {
    current_level().store(parse_supported_level(name, "the SIMD level"));
}

}  // namespace fastshesha
