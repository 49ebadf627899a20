"""The verbs that write; each noun has its module."""
