#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace fastshesha::python {

inline bool interpreter_ends() {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() == 0 || Py_IsFinalizing() != 0;
#else
    return Py_IsInitialized() == 0 || _Py_IsFinalizing() != 0;
#endif
}

[[noreturn]] inline void sleep_until_the_end() {
    for (;;) {
        std::this_thread::sleep_for(std::chrono::hours(1));
    }
}

/// What a thread needs to hold the GIL again.
struct HolderOfGil {
    PyThreadState* state = nullptr;
    /// Whoever holds the GIL while the interpreter ends is the thread that ends it.
    bool ends_interpreter = false;
};

/// Gives the GIL back to the thread that had it. A thread that wants it while another one ends the
/// interpreter sleeps until the process is gone, as threads do from Python 3.14 on: earlier ones
/// unwind it by pthread_exit, and the first frame that must not throw aborts the process.
inline void take_gil(const HolderOfGil& holder) noexcept {
    if (interpreter_ends() && !holder.ends_interpreter) {
        sleep_until_the_end();
    }
    try {
        PyEval_RestoreThread(holder.state);
    } catch (...) {
        // The end began while the thread waited. Leaving this handler would abort as well.
        sleep_until_the_end();
    }
}

/// The calling thread, which holds the GIL, is without it while this lives.
class ReleasedGil {
public:
    ReleasedGil() : outer_(of_thread) {
        of_thread.ends_interpreter = interpreter_ends();
        of_thread.state = PyEval_SaveThread();
    }
    ~ReleasedGil() {
        take_gil(of_thread);
        of_thread = outer_;
    }
    ReleasedGil(const ReleasedGil&) = delete;
    ReleasedGil& operator=(const ReleasedGil&) = delete;

private:
    friend class RetakenGil;
    static inline thread_local HolderOfGil of_thread;
    HolderOfGil outer_;
};

/// A thread within ReleasedGil holds the GIL while this lives.
class RetakenGil {
public:
    RetakenGil() { take_gil(ReleasedGil::of_thread); }
    ~RetakenGil() { ReleasedGil::of_thread.state = PyEval_SaveThread(); }
    RetakenGil(const RetakenGil&) = delete;
    RetakenGil& operator=(const RetakenGil&) = delete;
};

}  // namespace fastshesha::python
