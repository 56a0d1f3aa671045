"""Perturbation experiments: shifts of perturbed samples away from controls, and what follows.

The statistics of the controls are computed once and serve any number of perturbations:
``methods.control_reference`` and ``effect_size.Moments`` hold them.
"""
