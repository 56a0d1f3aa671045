"""The parts of the command line.

parser: what may be typed; score, demo, config: one module per command; array_file: opening what
the commands read; output: JSON, notes and files; errors: exit codes and the error they print.
"""
