#pragma once

// The only file that includes OpenMP, which says how many threads there may be; ours run on a pool
// of their own. Every loop takes its number of threads explicitly, carries the first exception out
// to the caller and runs in a known floating-point mode.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include "fastshesha/float_environment.hpp"
#include "fastshesha/threads.hpp"
#include "interrupt.hpp"
#include "thread_pool.hpp"

namespace fastshesha {

#if defined(_OPENMP)
inline constexpr bool has_openmp = true;
#else
inline constexpr bool has_openmp = false;
#endif

/// omp_get_max_threads(), which sees OMP_NUM_THREADS and threadpoolctl; 1 without OpenMP.
inline int runtime_max_threads() {
#if defined(_OPENMP)
    return omp_get_max_threads();
#else
    return 1;
#endif
}

inline const char* runtime_description() {
#if !defined(_OPENMP)
    return "none (single-threaded build)";
#elif defined(__clang__)
    return "LLVM OpenMP";
#else
    return "GNU OpenMP";
#endif
}

/// What a task knows about the region it runs in.
class Worker {
public:
    Worker(InterruptGate& gate, std::size_t index) : gate_(gate), index_(index) {}

    std::size_t index() const { return index_; }
    void check_interrupt() const { gate_.check(index_ == 0); }

private:
    InterruptGate& gate_;
    std::size_t index_;
};

namespace detail {

/// Keeps the first exception of a region; nothing may be thrown across its end.
class FirstException {
public:
    void capture() noexcept {
        const std::lock_guard lock(mutex_);
        if (!first_) {
            first_ = std::current_exception();
        }
    }
    void rethrow() const {
        if (first_) {
            std::rethrow_exception(first_);
        }
    }

private:
    std::mutex mutex_;
    std::exception_ptr first_;
};

template <class Task>
void run_worker(std::atomic<std::size_t>& next, std::size_t n_tasks, const Worker& worker,
                const Task& task) {
    const FloatEnvironment environment;
    for (std::size_t i = next.fetch_add(1); i < n_tasks; i = next.fetch_add(1)) {
        worker.check_interrupt();
        task(i, worker);
    }
}

/// Calls work(index) on so many threads, or fewer where the system makes no more.
template <class Work>
void run_together(int n_threads, const Work& work) {
    if (n_threads <= 1) {
        work(0);
        return;
    }
    const auto call = [](void* context, std::size_t index) noexcept {
        (*static_cast<const Work*>(context))(index);
    };
    ThreadPool::instance().run(static_cast<std::size_t>(n_threads - 1), call,
                               const_cast<Work*>(&work));
}

}  // namespace detail

/// Runs task(i, worker) for every i in [0, n_tasks). Which worker gets which task is open, so a
/// task may write only what belongs to it; worker.index() < n_threads selects scratch space.
template <class Task>
void parallel_for(std::size_t n_tasks, int n_threads, const Task& task) {
    InterruptGate gate;
    detail::FirstException failure;
    std::atomic<std::size_t> next{0};
    const auto guarded = [&](std::size_t index) noexcept {
        try {
            const GateOfThread known(gate, index == 0);
            detail::run_worker(next, n_tasks, Worker(gate, index), task);
        } catch (...) {
            failure.capture();
            gate.stop();
        }
    };
    const int most = static_cast<int>(std::min<std::size_t>(n_tasks, 1 << 16));
    detail::run_together(usable_threads(std::min(n_threads, most)), guarded);
    failure.rethrow();
}

/// Runs task(i, worker) for every i in [0, n_tasks), `worker` < n_threads: on one thread in order
/// and without looking for interrupts, so that tasks of other loops may call it.
template <class Task>
void share_tasks(std::size_t n_tasks, int n_threads, const Task& task) {
    if (n_threads > 1) {
        parallel_for(n_tasks, n_threads,
                     [&](std::size_t i, const Worker& worker) { task(i, worker.index()); });
        return;
    }
    for (std::size_t i = 0; i < n_tasks; ++i) {
        task(i, std::size_t{0});
    }
}

/// Into how many parts so many threads cut a vector: some more than one each, for one may be late.
inline std::size_t n_parts_for(int n_threads) {
    return n_threads > 1 ? 4 * static_cast<std::size_t>(n_threads) : 1;
}

/// Where a part of [0, n) begins; the next begins where it ends.
inline std::size_t begin_of_part(std::size_t n, std::size_t part, int n_threads) {
    return n * part / n_parts_for(n_threads);
}

/// Runs use(part, begin, end) for the parts of [0, n), as share_tasks() does.
template <class Use>
void share_parts(std::size_t n, int n_threads, const Use& use) {
    share_tasks(n_parts_for(n_threads), n_threads, [&](std::size_t part, std::size_t) {
        use(part, begin_of_part(n, part, n_threads), begin_of_part(n, part + 1, n_threads));
    });
}

}  // namespace fastshesha
