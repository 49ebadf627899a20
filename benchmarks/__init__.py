"""`make bench`: what the system costs beside the least that the same work can cost, measured in one run.

Nothing of the product knows of this folder. Every figure is a ratio; the limits stand in `limits.py` and are settled.
"""
