"""What beat starts and when. It only ticks: what is due is in the table of deadlines, so a lost or doubled
tick harms nothing.
"""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {}
