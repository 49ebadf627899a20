"""Tags of the notices and the to-do list."""
