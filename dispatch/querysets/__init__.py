"""Who sees what, one module for each noun."""
