"""The verbs that write, one module for each noun."""
