// What a program asks of callgrind while it runs under it; without valgrind, nothing happens.

#include <valgrind/callgrind.h>

extern "C" {

void start_counting() { CALLGRIND_START_INSTRUMENTATION; }

void stop_counting() { CALLGRIND_STOP_INSTRUMENTATION; }

void forget_counts() { CALLGRIND_ZERO_STATS; }

void write_counts(const char* name) { CALLGRIND_DUMP_STATS_AT(name); }
}
