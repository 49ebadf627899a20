"""The tests: real PostgreSQL, no other process. Services that a test needs beyond it, the test starts."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql://nd_owner@/ningde")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379")

from ningde_projects.settings.base import *  # noqa: E402, F403
from ningde_projects.settings.base import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, STORAGES  # noqa: E402

SECRET_KEY = "only-for-tests-" + "0" * 40
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
RUNTIME_ROLE_CHECK = False

# `make test` lays a migrated database aside once; each run copies it instead of migrating again.
DATABASES["default"]["TEST"] = {
    "NAME": "test_ningde",
    "TEMPLATE": os.environ.get("TEST_DATABASE_TEMPLATE", "template1"),
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tests empty their own database; elsewhere the record's tables refuse even their owner (workflow/protection.py).
options = DATABASES["default"].setdefault("OPTIONS", {})
options["options"] = f"{options.get('options', '')} -c nd.allow_truncate=on".strip()
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_timeout": 2}
