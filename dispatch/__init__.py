"""Dispatch: problem list, three-tier list, category lists, hard cases, meetings, the ladder, cockpit, bulletin."""
