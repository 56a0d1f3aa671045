#include "interrupt.hpp"

#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"

namespace fastshesha {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};
std::atomic<bool (*)()> interrupt_poll{nullptr};

}  // namespace

void set_interrupt_poll(bool (*poll)()) { interrupt_poll.store(poll); }

bool InterruptGate::time_to_poll() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_poll_ < poll_interval) {
        return false;
    }
    last_poll_ = now;
    return true;
}

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
