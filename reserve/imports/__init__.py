"""Tables that offices fill in offline."""
