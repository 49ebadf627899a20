"""The rows of this app, one module for each noun."""

from .meetings import Decision, OwedMeeting, Session, SessionEdition, SessionProject

__all__ = ["Decision", "OwedMeeting", "Session", "SessionEdition", "SessionProject"]
