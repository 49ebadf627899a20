"""What this app plays in the time machine."""
