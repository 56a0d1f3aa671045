#pragma once

namespace fastshesha {

/// omp_get_max_threads() on the calling thread, 1 in a build without OpenMP.
int openmp_max_threads();

/// Whether this process was forked after the library was loaded. Threads do not survive a fork, so
/// everything runs on one there.
bool in_forked_child();

/// Called once when the library is loaded.
void install_fork_guard();

/// The number of threads a loop may use: 1 in a forked child and in a build without OpenMP.
int usable_threads(int requested);

/// As many of the requested threads as pay for waking them, given the number of multiply-adds or
/// of comparable steps to be done.
int threads_worth(int requested, double n_steps);

/// A rank, and a distance beyond its sum, take as long as so many multiply-adds of tiles.
inline constexpr double products_per_rank = 100.0;
inline constexpr double products_per_distance = 20.0;

/// The same of the multiply-adds of tiles, which are much shorter than other steps: one thread
/// where it is done within half a millisecond.
int threads_worth_products(int requested, double n_products);

/// `poll` is asked on the calling thread, a few times a second, whether to stop.
void set_interrupt_poll(bool (*poll)());

}  // namespace fastshesha
