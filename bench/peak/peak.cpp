// Prints how many multiplications and additions a second each core reaches, all of them at work:
// peak N_THREADS. A product is rounded before it is added, as the distances need it.

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
constexpr std::size_t lanes = vector_bytes / sizeof(double);
using Vector [[gnu::vector_size(vector_bytes)]] = double;

constexpr int n_rows = 4;
constexpr int n_columns = 2;
constexpr long n_steps = 1'000'000;
constexpr int n_repeats = 30;
constexpr double operations = 2.0 * lanes * n_rows * n_columns * n_steps;

/// The compiler must take the value for a new one, or it would multiply once for all steps.
inline void renew(Vector& value) {
#if defined(__AVX512F__)
    asm volatile("" : "+v"(value));
#elif defined(__x86_64__)
    asm volatile("" : "+x"(value));
#else
    asm volatile("" : "+w"(value));
#endif
}

/// Eight sums side by side: enough to fill two adders of four cycles each.
double seconds_of_one_run() {
    Vector rows[n_rows] = {};
    Vector columns[n_columns] = {};
    Vector sums[n_rows][n_columns] = {};
    const auto start = std::chrono::steady_clock::now();
    for (long step = 0; step < n_steps; ++step) {
        for (Vector& column : columns) {
            renew(column);
        }
        for (int r = 0; r < n_rows; ++r) {
            renew(rows[r]);
            for (int c = 0; c < n_columns; ++c) {
                sums[r][c] += rows[r] * columns[c];
            }
        }
    }
    for (auto& row : sums) {
        for (Vector& sum : row) {
            renew(sum);
        }
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Keeps the calling thread on the given one of the cores it may run on.
void stay_on_core(int wanted) {
#if defined(__linux__)
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &allowed) && wanted-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            pthread_setaffinity_np(pthread_self(), sizeof one, &one);
            return;
        }
    }
#else
    (void)wanted;
#endif
}

}  // namespace

int main(int n_arguments, char** arguments) {
    const int n_threads = n_arguments > 1 ? std::max(1, std::atoi(arguments[1])) : 1;
    std::vector<double> peaks(static_cast<std::size_t>(n_threads));
    std::vector<std::thread> threads;
    std::barrier start(n_threads);
    for (int t = 0; t < n_threads; ++t) {
        threads.emplace_back([&, t] {
            stay_on_core(t);
            start.arrive_and_wait();
            for (int repeat = 0; repeat < n_repeats; ++repeat) {
                double& peak = peaks[static_cast<std::size_t>(t)];
                peak = std::max(peak, operations / seconds_of_one_run());
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const double peak : peaks) {
        std::cout << peak << '\n';
    }
}
