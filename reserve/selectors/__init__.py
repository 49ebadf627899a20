"""Reads for page, export and notice alike."""
