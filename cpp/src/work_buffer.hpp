#pragma once

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "block_cache.hpp"

namespace fastshesha {

/// Leaves elements uninitialised and takes its memory from the block cache.
template <class T>
class WorkAllocator {
public:
    using value_type = T;

    WorkAllocator() = default;
    template <class U>
    explicit WorkAllocator(const WorkAllocator<U>&) {}

    T* allocate(std::size_t n) { return static_cast<T*>(take_block(n * sizeof(T))); }
    void deallocate(T* block, std::size_t n) noexcept { return_block(block, n * sizeof(T)); }
    template <class U>
    void construct(U* element) {
        ::new (static_cast<void*>(element)) U;
    }
    template <class U, class... Arguments>
    void construct(U* element, Arguments&&... arguments) {
        ::new (static_cast<void*>(element)) U(std::forward<Arguments>(arguments)...);
    }
    bool operator==(const WorkAllocator&) const { return true; }
};

template <class T>
using WorkBuffer = std::vector<T, WorkAllocator<T>>;

}  // namespace fastshesha
