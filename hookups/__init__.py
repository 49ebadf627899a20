"""Dual hookup: who answers for which project in which year, and their duties (measures 3 and 4)."""
