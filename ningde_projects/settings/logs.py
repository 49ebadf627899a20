"""One line of JSON for each event, on standard error: whoever runs the processes decides where it goes."""

from typing import Any


def logging_config(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "ningde_projects.security.request_ids.RequestIdFilter"}},
        "formatters": {"json": {"()": "ningde_projects.operations.logs.JsonFormatter"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # SQL with its parameters would put personal data into the log.
            "django.db.backends": {"level": "INFO"},
            "kombu": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
