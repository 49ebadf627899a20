"""Official documents as Word files: the parts of the format, and the layout of GB/T 9704-2012."""
