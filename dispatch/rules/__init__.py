"""Checks and arithmetic on plain values, with requirement numbers."""
