// Counts pairs of levels. Nothing here may have external linkage.

#include "stream_kernels.hpp"

namespace fastshesha {
namespace {

/// Counts the next n of the pairs. Entries are asked for ahead: products fill the window in which
/// a CPU looks for work while it waits.
inline void count_pairs(WaitingPairs& pairs, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
        __builtin_prefetch(pairs.of_a + pairs.a[k + pairs_ahead], 1);
        __builtin_prefetch(pairs.of_b + pairs.b[k + pairs_ahead], 1);
        const auto a = static_cast<std::uint32_t>(pairs.a[k]);
        const auto b = static_cast<std::uint32_t>(pairs.b[k]);
        pairs.of_a[a] += one_pair | b;
        pairs.of_b[b] += one_pair | a;
    }
    pairs.a += n;
    pairs.b += n;
    pairs.n -= n;
}

}  // namespace
}  // namespace fastshesha
