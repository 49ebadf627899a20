"""Key construction projects of Ningde city: from the monthly report to the year's assessment."""

from ningde_projects.celery import app as celery_app

__all__ = ["celery_app"]
