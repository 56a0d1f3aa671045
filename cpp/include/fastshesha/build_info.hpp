#pragma once

#include <string>

namespace fastshesha {

std::string compiler_description();
std::string openmp_description();
std::string eigen_version();
std::string build_type();

}  // namespace fastshesha
