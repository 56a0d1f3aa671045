#include "interrupt.hpp"

#include <chrono>

#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"

namespace fastshesha {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};
std::atomic<bool (*)()> interrupt_poll{nullptr};

thread_local InterruptGate* gate_of_thread = nullptr;
thread_local bool is_calling_thread_of_gate = false;

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

GateOfThread::GateOfThread(InterruptGate& gate, bool is_calling_thread)
    : outer_(gate_of_thread), outer_is_calling_thread_(is_calling_thread_of_gate) {
    gate_of_thread = &gate;
    is_calling_thread_of_gate = is_calling_thread;
}

GateOfThread::~GateOfThread() {
    gate_of_thread = outer_;
    is_calling_thread_of_gate = outer_is_calling_thread_;
}

void check_interrupt_of_thread() {
    if (gate_of_thread != nullptr) {
        gate_of_thread->check(is_calling_thread_of_gate);
    }
}

}  // namespace fastshesha
