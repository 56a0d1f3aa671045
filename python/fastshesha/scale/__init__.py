"""Spearman correlations of all pairs of many rows, or of a sample of them, in bounded memory.

The distances are never kept. A tile job (``tile_jobs``) turns the pairs of some tiles into a
state of integer counts; states are added, and ``level_ranks`` makes a correlation and a bound on
its error of their sum. ``docs/scale.md`` tells how and how exactly.
"""
