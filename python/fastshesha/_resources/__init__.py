"""Threads and memory: what the machine has, and what a call may use of it."""
