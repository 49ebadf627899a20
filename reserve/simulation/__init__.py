"""What the reserve's rooms do in the time machine; each noun has a player of its own."""
