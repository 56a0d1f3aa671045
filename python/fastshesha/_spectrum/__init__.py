"""Eigenvalues and moments of one embedding matrix, and the scores made from them."""
