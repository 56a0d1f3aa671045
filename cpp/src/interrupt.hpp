#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace fastshesha {

/// Lets long loops of one parallel region stop together. Only the thread that entered the region
/// asks the outside world (Python's signal check must run there); the others read a flag.
class InterruptGate {
public:
    InterruptGate() = default;

    /// Throws Interrupted when the region is to end. Cheap enough to call every few microseconds.
    void check(bool on_calling_thread);

    /// Makes every later check throw.
    void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }

private:
    std::atomic<bool> stopped_{false};
};

/// Makes a gate known to whatever the thread runs, for as long as the object lives.
class GateOfThread {
public:
    GateOfThread(InterruptGate& gate, bool is_calling_thread);
    ~GateOfThread();
    GateOfThread(const GateOfThread&) = delete;
    GateOfThread& operator=(const GateOfThread&) = delete;

private:
    InterruptGate* outer_;
    bool outer_is_calling_thread_;
};

/// check() of the thread's gate, for loops deep inside a task that takes long.
void check_interrupt_of_thread();

/// Calls use(begin, end) for stretches of [0, n), of some milliseconds each, and asks the thread's
/// gate between them.
template <class Use>
void in_stretches(std::size_t n, const Use& use) {
    constexpr std::size_t stretch = std::size_t{1} << 20;
    std::size_t begin = 0;
    for (; n - begin > stretch; begin += stretch) {
        use(begin, begin + stretch);
        check_interrupt_of_thread();
    }
    use(begin, n);
}

}  // namespace fastshesha
