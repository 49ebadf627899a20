"""The desk of the reports' tests serves here too."""

from tests.reports.desk import desk as desk
