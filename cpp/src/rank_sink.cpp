#include "rank_sink.hpp"

#include <algorithm>

namespace fastshesha {

void RankSink::accept_separate(const std::uint32_t* tags, std::uint32_t doubled_rank,
                               std::size_t n) {
    constexpr std::size_t batch = 64;
    std::uint32_t ranks[batch];
    for (std::size_t begin = 0; begin < n; begin += batch) {
        const std::size_t size = std::min(n - begin, batch);
        for (std::size_t k = 0; k < size; ++k) {
            ranks[k] = doubled_rank + static_cast<std::uint32_t>(2 * (begin + k));
        }
        accept(tags + begin, ranks, size);
    }
}

RankOutcome all_of(std::span<const RankOutcome> parts) {
    RankOutcome whole;
    for (const RankOutcome& part : parts) {
        whole.take_in(part);
    }
    return whole;
}

}  // namespace fastshesha
