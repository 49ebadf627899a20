"""Players of the time machine."""
