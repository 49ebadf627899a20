"""As on one's own machine, with the run-time role, and one page more: the empty one that lists are compared with."""

from benchmarks.limits import AT_ONCE
from ningde_projects.settings.base import BASE_DIR, STORAGES, TEMPLATES
from ningde_projects.settings.local import *  # noqa: F403

ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]
# Names of fixed files are not hashed, so that nothing has to be collected first; serving them is not measured.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# So many people are signed in as the same few at once.
SESSIONS_AT_ONCE = 10 * AT_ONCE
LOGGING_CONFIG = None
