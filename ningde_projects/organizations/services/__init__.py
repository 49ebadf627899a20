"""The verbs that change offices, accounts, duties and delegations."""
