#include "fastshesha/single_map.hpp"

#include <cmath>

namespace fastshesha {

std::vector<float> single_cells(const LevelMap<double>& map) {
    const std::size_t n_values = 2 * map.n_cells * map.n_stages;
    std::vector<float> cells(n_values);
    for (std::size_t k = 1; k < n_values; k += 2) {
        cells[k] = static_cast<float>(map.cells[k]);
    }
    for (std::size_t k = 0; k < n_values; k += 2) {
        // The last cell of a stage has no next one; what leads out of the range is cut.
        const bool has_next = (k / 2 + 1) % map.n_cells != 0;
        const double rise = has_next ? double{cells[k + 3]} - double{cells[k + 1]} : map.cells[k];
        const auto slope = static_cast<float>(rise);
        cells[k] = std::fabs(slope) > std::fabs(rise) ? std::nextafterf(slope, 0.0F) : slope;
    }
    return cells;
}

}  // namespace fastshesha
