"""Who may do what in this app; each answer is the right itself or the reason why not."""
