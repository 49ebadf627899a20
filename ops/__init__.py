"""Running it on one's own machine: servers from wheels, one command, the gates."""
