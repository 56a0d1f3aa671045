#include "thread_pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <thread>

#include "fastshesha/threads.hpp"

namespace fastshesha {
namespace {

// Who looks so long for what comes next need not be woken, which takes about as long; who looked
// longer would keep a core from other work.
constexpr std::chrono::microseconds patience{100};
constexpr int looks_between_times = 32;
constexpr std::chrono::seconds pause_after_refusal{1};

void rest_a_moment() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Looks for a while whether ready() holds.
template <class Ready>
void look_for(const Ready& ready) {
    const auto end = std::chrono::steady_clock::now() + patience;
    do {
        for (int look = 0; look < looks_between_times; ++look) {
            if (ready()) {
                return;
            }
            rest_a_moment();
        }
    } while (std::chrono::steady_clock::now() < end);
}

/// Threads that are made in the meantime leave signals to others.
class BlockedSignals {
public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
    sigset_t before_;
};

std::size_t n_cores() {
    static const std::size_t found = std::thread::hardware_concurrency();
    return found;
}

}  // namespace

ThreadPool& ThreadPool::instance() {
    static ThreadPool* const pool = new ThreadPool;
    return *pool;
}

void ThreadPool::run(std::size_t n_helpers, Work work, void* context) {
    Loop loop{work, context, n_helpers};
    open(loop);
    work(context, 0);
    close(loop);
}

void ThreadPool::open(Loop& loop) {
    bool all_are_wanted = false;
    {
        const std::lock_guard lock(mutex_);
        loops_.push_back(&loop);
        n_asked_ += loop.n_helpers;
        n_wanted_ += loop.n_helpers;
        // Several callers get what they ask for as long as there are cores.
        const std::size_t cores_left = n_cores() - std::min(n_cores(), loops_.size());
        grow(std::max(loop.n_helpers, std::min(n_asked_, cores_left)));
        all_are_wanted = loop.n_helpers >= n_threads_;
    }
    if (all_are_wanted) {
        opened_.notify_all();
        return;
    }
    for (std::size_t k = 0; k < loop.n_helpers; ++k) {
        opened_.notify_one();
    }
}

void ThreadPool::close(Loop& loop) {
    if (in_forked_child()) {
        // By a handler of signals: the helpers, and what they were doing, are not here.
        throw std::runtime_error("the process was forked in the middle of a call");
    }
    {
        const std::lock_guard lock(mutex_);
        n_asked_ -= loop.n_helpers;
        n_wanted_ -= loop.n_helpers - loop.n_begun;
        loops_.erase(std::find(loops_.begin(), loops_.end(), &loop));
    }
    const auto is_empty = [&loop] { return loop.n_inside.load() == 0; };
    look_for(is_empty);
    std::unique_lock lock(mutex_);
    loop.ended.wait(lock, is_empty);
}

/// Makes threads until there are so many or the system refuses; callers work with those there are.
void ThreadPool::grow(std::size_t n_threads) noexcept {
    if (n_threads_ >= n_threads || std::chrono::steady_clock::now() < next_try_) {
        return;
    }
    const BlockedSignals blocked;
    try {
        for (; n_threads_ < n_threads; ++n_threads_) {
            std::thread([this] { serve(); }).detach();
        }
    } catch (const std::exception&) {
        next_try_ = std::chrono::steady_clock::now() + pause_after_refusal;
    }
}

void ThreadPool::serve() {
    for (;;) {
        look_for([this] { return n_wanted_.load() > 0; });
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return n_wanted_.load() > 0; });
        Loop& loop = **std::find_if(loops_.begin(), loops_.end(),
                                    [](const Loop* each) { return each->has_room(); });
        --n_wanted_;
        ++loop.n_inside;
        const std::size_t index = ++loop.n_begun;
        lock.unlock();
        loop.work(loop.context, index);
        lock.lock();
        // The caller, who holds the loop, cannot go on before the lock is given back.
        if (--loop.n_inside == 0) {
            loop.ended.notify_one();
        }
    }
}

}  // namespace fastshesha
