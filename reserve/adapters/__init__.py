"""How a batch of projects becomes what another system takes in."""
