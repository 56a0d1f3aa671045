#include "fastshesha/threads.hpp"

#include <pthread.h>

#include <atomic>

#include "parallel.hpp"

namespace fastshesha {
namespace {

// About a tenth of a millisecond: waking a thread takes a tenth of that on an idle machine.
constexpr double steps_per_thread = 1e6;

// Two threads save a tenth of a millisecond here while cores are idle. Where they are busy, the
// second may lose its turn in the middle of a task, and a call waits milliseconds for it.
constexpr double fewest_shared_products = 1.2e7;

std::atomic<bool> forked{false};

}  // namespace

int openmp_max_threads() { return runtime_max_threads(); }

bool in_forked_child() { return forked.load(); }

void install_fork_guard() {
    pthread_atfork(nullptr, nullptr, [] { forked.store(true); });
}

int threads_worth(int requested, double n_steps) {
    const double worth = 1.0 + n_steps / steps_per_thread;
    return worth < requested ? static_cast<int>(worth) : requested;
}

int threads_worth_products(int requested, double n_products) {
    return n_products < fewest_shared_products ? 1 : threads_worth(requested, n_products);
}

int usable_threads(int requested) {
    return requested <= 1 || !has_openmp || in_forked_child() ? 1 : requested;
}

}  // namespace fastshesha
