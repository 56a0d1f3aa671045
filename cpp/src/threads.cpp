#include "fastshesha/threads.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "parallel.hpp"

namespace fastshesha {
namespace {

// About a tenth of a millisecond: waking a thread takes a tenth of that on an idle machine.
constexpr double steps_per_thread = 1e6;

// Two threads save a tenth of a millisecond here while cores are idle. Where they are busy, a call
// waits many milliseconds until its second thread has had its turn.
constexpr double fewest_shared_products = 1.2e7;

std::atomic<bool> forked{false};
std::atomic<int> creatable_threads{1};

/// Creates and joins `n - 1` threads. OpenMP runtimes end the process when they cannot make a
/// thread; this fails softly first.
int probe_threads(int n) {
    std::vector<std::thread> probes;
    try {
        probes.reserve(static_cast<std::size_t>(n));
        while (static_cast<int>(probes.size()) + 1 < n) {
            probes.emplace_back([] {});
        }
    } catch (const std::system_error&) {
        // The system refuses more: what exists by now is what can be used.
    }
    for (std::thread& probe : probes) {
        probe.join();
    }
    return static_cast<int>(probes.size()) + 1;
}

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
    if (requested <= 1 || in_forked_child()) {
        return 1;
    }
    if (requested > creatable_threads.load()) {
        creatable_threads.store(std::max(creatable_threads.load(), probe_threads(requested)));
    }
    return std::min(requested, creatable_threads.load());
}

}  // namespace fastshesha
