"""Scores of an embedding against labels of its samples."""
