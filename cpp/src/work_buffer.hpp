#pragma once

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace fastshesha {

/// Leaves elements uninitialised and asks for huge pages where a buffer spans some: dealing values
/// into thousands of buckets touches a page per bucket, more than the address cache holds.
template <class T>
class WorkAllocator {
public:
    using value_type = T;

    WorkAllocator() = default;
    template <class U>
    explicit WorkAllocator(const WorkAllocator<U>&) {}

    T* allocate(std::size_t n) {
        const std::size_t bytes = n * sizeof(T);
        void* block = ::operator new(bytes, alignment(bytes));
#if defined(__linux__)
        if (bytes >= huge_page) {
            // Advice only: without huge pages the buffer works as well, slower.
            static_cast<void>(madvise(block, bytes, MADV_HUGEPAGE));
        }
#endif
        return static_cast<T*>(block);
    }
    void deallocate(T* block, std::size_t n) {
        ::operator delete(block, alignment(n * sizeof(T)));
    }
    template <class U>
    void construct(U* element) {
        ::new (static_cast<void*>(element)) U;
    }
    template <class U, class... Arguments>
    void construct(U* element, Arguments&&... arguments) {
        ::new (static_cast<void*>(element)) U(std::forward<Arguments>(arguments)...);
    }
    bool operator==(const WorkAllocator&) const { return true; }

private:
    static constexpr std::size_t huge_page = std::size_t{2} << 20;
    static constexpr std::size_t cache_line = 64;

    static std::align_val_t alignment(std::size_t bytes) {
        return std::align_val_t{bytes >= huge_page ? huge_page : cache_line};
    }
};

template <class T>
using WorkBuffer = std::vector<T, WorkAllocator<T>>;

}  // namespace fastshesha
