"""What this app's people do in the time machine."""
