"""Pages of the register; thin."""
