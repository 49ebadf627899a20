"""Navigation, to-do, words of the record; each noun registers its own."""
