#pragma once

#include <cstdint>

#include "kernels/kernels.hpp"
#include "paired_distances.hpp"
#include "parallel.hpp"
#include "replicate_block.hpp"

namespace fastshesha {

/// Pearson's r for every replicate of the block, or NaN where something else must decide.
/// Distances have been centred: a replicate's mean is close to 0 then, and one pass gives both
/// sums and squares. Sums run over blocks of fixed size, so that no bit depends on anything else.
void weighted_pearson(const PairedDistances& distances, const ReplicateBlock& block,
                      const Kernels& kernels, const Worker& worker, double* values,
                      std::int64_t* n_undefined);

}  // namespace fastshesha
