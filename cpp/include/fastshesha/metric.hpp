#pragma once

#include <string_view>

namespace fastshesha {

enum class Metric { cosine, correlation, euclidean };

/// Throws std::invalid_argument for a name that is none of the three.
Metric parse_metric(std::string_view name);

}  // namespace fastshesha
