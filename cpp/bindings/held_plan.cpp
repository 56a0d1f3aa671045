#include "held_plan.hpp"

#include "fastshesha/error.hpp"

namespace fastshesha::python {

std::vector<std::int64_t> checked_indices(const IndexArray& indices, std::size_t limit,
                                          const char* message) {
    std::vector<std::int64_t> copy = copy_indices(indices);
    require(std::all_of(copy.begin(), copy.end(),
                        [limit](std::int64_t index) {
                            return index >= 0 && static_cast<std::size_t>(index) < limit;
                        }),
            message);
    return copy;
}

HeldPlan::HeldPlan(const IndexArray& rows, std::size_t n_rows, std::size_t n_blocks,
                   std::size_t n_rounds, std::size_t rows_per_tile)
    : rows_(checked_indices(rows, n_rows, "a row index lies outside X")),
      n_blocks_(n_blocks),
      n_rounds_(n_rounds),
      rows_per_tile_(rows_per_tile) {
    require(n_blocks >= 1, "a plan needs a block");
}

}  // namespace fastshesha::python
