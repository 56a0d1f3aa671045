#include "fastshesha/build_info.hpp"

#include <Eigen/src/Core/util/Macros.h>

#include "parallel.hpp"

namespace fastshesha {

std::string compiler_description() {
#if defined(__clang__)
    return std::string("Clang ") + __clang_version__;
#elif defined(__GNUC__)
    return std::string("GCC ") + __VERSION__;
#else
    return "unknown";
#endif
}

std::string openmp_description() { return runtime_description(); }

std::string eigen_version() {
    return std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
           std::to_string(EIGEN_MINOR_VERSION);
}

std::string build_type() {
#if defined(NDEBUG)
    return "Release";
#else
    return "Debug";
#endif
}

}  // namespace fastshesha
