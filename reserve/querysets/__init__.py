"""Who may see which row, and the named filters; one module for each noun."""
