#pragma once

#include <cstddef>

namespace fastshesha {

/// Memory for work buffers, aligned to a cache line or, when large, to a huge page. Blocks given
/// back are kept up to a total of 128 MiB: a metric that is called once an epoch would otherwise
/// pay for fresh pages every time. Throws std::bad_alloc.
void* take_block(std::size_t bytes);

/// Takes back what take_block(bytes) returned.
void return_block(void* block, std::size_t bytes) noexcept;

/// While one lives, no returned block is kept: for calls whose memory is bounded.
class KeepNoBlocks {
public:
    KeepNoBlocks();
    ~KeepNoBlocks();
    KeepNoBlocks(const KeepNoBlocks&) = delete;
    KeepNoBlocks& operator=(const KeepNoBlocks&) = delete;
};

}  // namespace fastshesha
