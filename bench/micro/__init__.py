"""Micro-benchmarks: ``pytest bench/micro`` times single calls, and asserts what they give."""
