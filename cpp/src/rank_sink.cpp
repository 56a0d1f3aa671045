#include "rank_sink.hpp"

#include <algorithm>

namespace fastshesha {

void RankSink::accept_separate(const std::uint64_t* items, std::uint64_t position_mask,
                               std::uint32_t doubled_rank, std::size_t n) {
    constexpr std::size_t batch = 64;
    std::uint32_t indices[batch];
    std::uint32_t ranks[batch];
    for (std::size_t begin = 0; begin < n; begin += batch) {
        const std::size_t size = std::min(n - begin, batch);
        for (std::size_t k = 0; k < size; ++k) {
            indices[k] = static_cast<std::uint32_t>(items[begin + k] & position_mask);
            ranks[k] = doubled_rank + static_cast<std::uint32_t>(2 * (begin + k));
        }
        accept(indices, ranks, size);
    }
}

}  // namespace fastshesha
