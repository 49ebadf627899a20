"""Where sessions are kept: Django's own store on a table that knows whose session it is (SESSION_ENGINE).

A session's end is decided here, where it is read, so that nothing can be reached with one that is over: neither page
nor API, whatever the view.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import Because, Session


class SessionStore(db.SessionStore):
    """`row` is the session's row once read; `lapse` why there is none, `lapsed_user_id` whose it was."""

    row: Session | None = None
    lapse: str = ""
    lapsed_user_id: int | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.filter(session_key=self.session_key).first()
        self.lapse = row.lapse(timezone.now()) if row else Because.GONE
        if self.lapse:
            self.lapsed_user_id = row.user_id if row else None
            self._session_key = None
            return None
        self.row = row
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A new row. A new key for the same sign-in (`cycle_key`) does not make the sign-in younger."""
        now = timezone.now()
        row = Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=now + timedelta(seconds=settings.SESSION_LONGEST_SECONDS),
            started_at=now,
            last_seen_at=now,
            idle_seconds=settings.SESSION_IDLE_SECONDS,
        )
        if self.row is not None and self.row.user_id:
            for name in (
                "user_id",
                "started_at",
                "expire_date",
                "idle_seconds",
                "duties_mark",
                "address",
                "agent",
            ):
                setattr(row, name, getattr(self.row, name))
        return row

    def save(self, must_create: bool = False) -> None:
        """Only the data of an existing row are written: "last seen" and the end belong to others."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if must_create:
            row = self.create_model_instance(data)
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError as clash:
                raise CreateError from clash
            self.row = row
            return
        written = Session.objects.filter(session_key=self.session_key, ended_at__isnull=True).update(
            session_data=self.encode(data), user_id=data.get(SESSION_KEY)
        )
        if not written:
            raise UpdateError

    def flush(self) -> None:
        super().flush()
        self.row = None
