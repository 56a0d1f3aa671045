"""Benchmarks: ``python -m bench.compare`` times us beside the original and beside other ways."""
