"""Statuses and transition tables, one module for each noun. No ORM, no clock."""
