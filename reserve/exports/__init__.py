"""The lists of this app as sheets."""
