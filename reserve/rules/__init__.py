"""Checks and arithmetic on plain values; each carries the number of its requirement."""
