"""Checks and arithmetic on plain values, with the number of their requirement."""
