"""Thin: read the address, ask a selector or a service, answer."""
