"""Models of this app, one module for each noun."""
