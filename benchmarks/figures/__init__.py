"""One module for each kind of work; each answers its figures."""
