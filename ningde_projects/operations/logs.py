"""The form of a log line."""

import json
import logging
from datetime import UTC, datetime

# What every record has; anything else was given by the caller as `extra`.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id", "request", "data"}


class JsonFormatter(logging.Formatter):
    """One line of JSON: line breaks inside a message cannot forge a second entry."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", ""):
            entry["request"] = request_id
        entry |= {name: value for name, value in vars(record).items() if name not in USUAL}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
