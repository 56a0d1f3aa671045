"""Scores of two halves of the features, or of the samples, of one matrix."""
