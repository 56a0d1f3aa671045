#include "block_cache.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <new>

#include "cache_line.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace fastshesha {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t most_kept_bytes = std::size_t{128} << 20;
constexpr std::size_t most_kept_blocks = 64;
// Smaller blocks are cheap to get from the allocator.
constexpr std::size_t smallest_kept = std::size_t{64} << 10;

std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{bytes >= huge_page ? huge_page : cache_line};
}

void* allocate(std::size_t bytes) {
    void* block = ::operator new(bytes, alignment(bytes));
#if defined(__linux__)
    if (bytes >= huge_page) {
        // Advice only: without huge pages the buffer works as well, slower.
        static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));
    }
#endif
    return block;
}

struct KeptBlock {
    void* memory = nullptr;
    std::size_t bytes = 0;
};

/// Blocks of exact sizes: the calls of a loop ask for the same ones again. Every lock is only
/// tried, so that a child forked while another thread held it goes on without the cache.
class BlockCache {
public:
    void* take(std::size_t bytes) {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock.owns_lock()) {
            return nullptr;
        }
        const auto found = std::find_if(blocks_.begin(), blocks_.end(), [=](const KeptBlock& b) {
            return b.memory != nullptr && b.bytes == bytes;
        });
        if (found == blocks_.end()) {
            return nullptr;
        }
        kept_bytes_ -= bytes;
        void* memory = found->memory;
        *found = KeptBlock();
        return memory;
    }

    bool keep(void* memory, std::size_t bytes) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock.owns_lock() || bytes > most_kept_bytes || n_refusals_.load() > 0) {
            return false;
        }
        // Oldest first, so that sizes nobody asks for any more leave in turn.
        for (std::size_t k = 0; kept_bytes_ + bytes > most_kept_bytes; ++k) {
            drop(blocks_[(next_ + k) % most_kept_blocks]);
        }
        drop(blocks_[next_]);
        blocks_[next_] = {memory, bytes};
        kept_bytes_ += bytes;
        next_ = (next_ + 1) % most_kept_blocks;
        return true;
    }

    void refuse() noexcept {
        n_refusals_.fetch_add(1);
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (lock.owns_lock()) {
            std::for_each(blocks_.begin(), blocks_.end(), [this](KeptBlock& b) { drop(b); });
        }
    }

    void accept() noexcept { n_refusals_.fetch_sub(1); }

private:
    void drop(KeptBlock& block) noexcept {
        if (block.memory != nullptr) {
            kept_bytes_ -= block.bytes;
            ::operator delete(block.memory, alignment(block.bytes));
            block = KeptBlock();
        }
    }

    std::mutex mutex_;
    std::atomic<int> n_refusals_{0};
    std::array<KeptBlock, most_kept_blocks> blocks_{};
    std::size_t kept_bytes_ = 0;
    std::size_t next_ = 0;
};

/// Never destroyed: a daemon thread may still compute while the process ends.
BlockCache& cache() {
    static BlockCache* const instance = new BlockCache;
    return *instance;
}

}  // namespace

void* take_block(std::size_t bytes) {
    void* kept = bytes >= smallest_kept ? cache().take(bytes) : nullptr;
    return kept != nullptr ? kept : allocate(bytes);
}

void return_block(void* block, std::size_t bytes) noexcept {
    if (bytes < smallest_kept || !cache().keep(block, bytes)) {
        ::operator delete(block, alignment(bytes));
    }
}

KeepNoBlocks::KeepNoBlocks() { cache().refuse(); }
KeepNoBlocks::~KeepNoBlocks() { cache().accept(); }

}  // namespace fastshesha
