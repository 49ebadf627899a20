"""Statuses and transition tables of the reserve's rooms, one module for each noun. No ORM, no clock."""
