"""Reserve pool and preliminary work "3+N" (measures 1 and 2)."""
