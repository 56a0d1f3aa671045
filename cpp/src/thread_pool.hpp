#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace fastshesha {

/// Threads that help the callers of loops. Unlike a team of OpenMP, one that has not begun when
/// the caller is done is not waited for, so that a machine with other work delays a loop by the
/// tasks its helpers are in, at most; and where the system makes no thread, there is one less.
/// Threads are kept; they take no signals, and the cores of whoever made them.
class ThreadPool {
public:
    /// Works until nothing is left to do; `index` is 0 for the caller, another below the number of
    /// threads for each helper.
    using Work = void (*)(void* context, std::size_t index) noexcept;

    /// Never destroyed: helpers outlive whatever ends the process.
    static ThreadPool& instance();

    /// Runs work(context, index) on the calling thread and on up to n_helpers others; returns when
    /// all that began have ended. Any number of threads may call at a time.
    void run(std::size_t n_helpers, Work work, void* context);

private:
    /// A call of run(), on its caller's stack.
    struct Loop {
        Work work;
        void* context;
        std::size_t n_helpers;  ///< how many may begin
        std::size_t n_begun = 0;
        std::atomic<std::size_t> n_inside{0};
        std::condition_variable ended{};

        bool has_room() const { return n_begun < n_helpers; }
    };

    void grow(std::size_t n_threads) noexcept;
    [[noreturn]] void serve();
    void open(Loop& loop);
    void close(Loop& loop);

    std::mutex mutex_;
    std::condition_variable opened_;
    std::vector<Loop*> loops_;
    /// How many helpers the loops asked for.
    std::size_t n_asked_ = 0;
    /// How many helpers the loops have room for.
    std::atomic<std::size_t> n_wanted_{0};
    std::size_t n_threads_ = 0;
    std::chrono::steady_clock::time_point next_try_{};
};

}  // namespace fastshesha
