"""Reads for page, export and figure alike."""
