"""Reads for pages, exports and the project page."""
