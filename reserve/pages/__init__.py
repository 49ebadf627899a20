"""Navigation, counts and to-do of this app; one module for each noun."""
