#include "interrupt.hpp"

#include <chrono>

#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"

namespace fastshesha {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};
std::atomic<bool (*)()> interrupt_poll{nullptr};

/// Of the thread, not of a region: a call may be a long row of short regions.
thread_local std::chrono::steady_clock::time_point last_poll{};

/// Whether the calling thread should ask now.
bool time_to_poll() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_poll < poll_interval) {
        return false;
    }
    last_poll = now;
    return true;
}

}  // namespace

void set_interrupt_poll(bool (*poll)()) { interrupt_poll.store(poll); }

void InterruptGate::check(bool on_calling_thread) {
    if (on_calling_thread && time_to_poll()) {
        const auto poll = interrupt_poll.load();
        if (poll != nullptr && poll()) {
            stop();
        }
    }
    if (stopped_.load(std::memory_order_relaxed)) {
        throw Interrupted();
    }
}

}  // namespace fastshesha
