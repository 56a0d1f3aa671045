"""The training-drift demo: simulate four training runs, monitor them, say what went wrong.

simulation -> monitor (fastshesha.monitor), early_stopping -> scenario (one run)
-> tables, document, figure (the three ways a run is shown).
"""
