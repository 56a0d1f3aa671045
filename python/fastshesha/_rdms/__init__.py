"""Distances of all pairs, and scores that compare two embeddings by them."""
