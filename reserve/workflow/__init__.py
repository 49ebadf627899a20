"""Statuses and transition tables of this app, one module for each noun. No ORM, no clock."""
