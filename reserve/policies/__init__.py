"""Who may do what, each answer with its reason."""
