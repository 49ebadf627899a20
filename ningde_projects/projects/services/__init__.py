"""The verbs that write the register; every one leaves an act in the event log."""
