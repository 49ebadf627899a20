"""Pages of offices, accounts, duties, delegations and hand-overs."""
