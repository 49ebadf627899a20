"""The lists of this app as files."""
