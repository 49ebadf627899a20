"""Write a list at once, or hand it to a worker; rights are asked when it begins and when it is fetched."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, cast
from uuid import UUID

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, load_actor
from ningde_projects.periods.month import ZONE
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import NotAllowed, WrongState

from .. import conf
from ..exports import Export, Params, digest_of, export_of, heading_for
from ..lists import ListFormat, write_list
from ..models import ExportJob
from ..text import export_file_name

_RECORD = "export"
#: A job that a killed worker left behind is taken up again after this, three times at most.
LEASE = timedelta(minutes=11)
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class Written:
    file: IO[bytes]
    name: str
    count: int


class Hidden(Exception):
    """This person may not know that there is such a list."""


def require(export: Export, actor: Actor, params: Params) -> None:
    """NotAllowed with the app's reason, Hidden when the list itself is hidden."""
    hidden = actor.is_administrator and not export.is_administrative
    reason = None if hidden else export.refuse(actor, params)
    if reason is None:
        raise Hidden(export.kind)
    if reason:
        raise NotAllowed(reason)


def is_long(export: Export, actor: Actor, params: Params) -> bool:
    most = conf.background_rows() if export.at_once is None else export.at_once
    return export.count(actor, params) > most


def write_now(export: Export, form: ListFormat, actor: Actor, params: Params, at: datetime) -> Written:
    """A short list as an open temporary file; the response closes it."""
    require(export, actor, params)
    written = _write(export, form, actor, params, at, None)
    data = {
        "kind": export.kind,
        "rows": written.count,
        "form": form,
        "params": {k: list(v) for k, v in params.items()},
    }
    record(_RECORD, "download", by=actor, at=at, text=written.name, data=data)
    return written


def _write(
    export: Export,
    form: ListFormat,
    actor: Actor,
    params: Params,
    at: datetime,
    on_progress: Callable[[int], None] | None,
) -> Written:
    made = _("Exported by {name}, {time}").format(
        name=actor.user.name, time=f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
    )
    sheet = export.sheet_for(actor, params)
    target = tempfile.TemporaryFile(prefix="nd-export-")  # noqa: SIM115  (handed on open)
    try:
        if export.book is not None:
            count = export.book(target, actor, params, at, on_progress or _unwatched)
        else:
            count = write_list(
                target,
                form,
                sheet,
                export.rows(actor, params),
                heading_for(export, actor, params, made),
                on_progress,
            )
    except BaseException:
        target.close()
        raise
    target.seek(0)
    parts = export.name_parts(actor, params) or [sheet.heading()]
    return Written(target, export_file_name(parts, at, form), count)


def _unwatched(_done: int) -> None:
    """What is written at once shows no progress."""


# --- in the background --------------------------------------------------------------------------------


def start(export: Export, form: ListFormat, actor: Actor, params: Params, at: datetime) -> ExportJob:
    """Queue a long list; asking twice while it is being written gives the same job. A worker is woken on commit."""
    require(export, actor, params)
    digest = digest_of(params)
    try:
        with transaction.atomic():
            job = ExportJob.objects.create(
                kind=export.kind,
                params={name: list(values) for name, values in params.items()},
                params_digest=digest,
                form=form,
                language=translation.get_language() or "zh-hans",
                requested_by=actor.user,
                state=ExportJob.State.WAITING,
                total=export.count(actor, params),
                created_at=at,
                expires_at=at + conf.export_lifetime(),
            )
            record(
                _RECORD, "start", by=actor, at=at, obj=job, data={"kind": export.kind, "params": job.params}
            )
    except IntegrityError:
        return ExportJob.objects.get(
            requested_by=actor.user,
            kind=export.kind,
            params_digest=digest,
            form=form,
            state__in=[ExportJob.State.WAITING, ExportJob.State.RUNNING],
        )
    return job


def run(job_id: int, at: datetime) -> bool:
    """Write one job; False when another worker has it or it is done. Rights are those of this moment."""
    if not _take(job_id, at):
        return False
    job = ExportJob.objects.select_related("requested_by").get(pk=job_id)
    export = export_of(job.kind)
    actor = load_actor(job.requested_by, at)
    try:
        require(export, actor, job.params)
    except (NotAllowed, Hidden) as refused:
        return _end(job, ExportJob.State.REFUSED, at, reason=str(refused)[:300])
    try:
        with translation.override(job.language):
            written = _write(
                export,
                cast(ListFormat, job.form),
                actor,
                job.params,
                at,
                lambda done: _progress(job_id, done),
            )
    except Exception:
        _end(job, ExportJob.State.FAILED, at, reason=str(_("The list could not be written.")))
        raise
    with written.file as file:
        job.file.save(written.name, File(file), save=False)
    job.file_name, job.done = written.name, written.count
    ended = _end(job, ExportJob.State.READY, at)
    if not ended:
        job.file.storage.delete(job.file.name or "")
    return ended


def _take(job_id: int, at: datetime) -> bool:
    """Waiting, or left behind by a worker that was killed."""
    waiting = ExportJob.objects.filter(pk=job_id, state=ExportJob.State.WAITING)
    left = ExportJob.objects.filter(
        pk=job_id, state=ExportJob.State.RUNNING, started_at__lt=at - LEASE, attempts__lt=MAX_ATTEMPTS
    )
    taken = {"state": ExportJob.State.RUNNING, "started_at": at, "attempts": F("attempts") + 1, "done": 0}
    return bool(waiting.update(**taken) or left.update(**taken))


def _progress(job_id: int, done: int) -> None:
    ExportJob.objects.filter(pk=job_id).update(done=done)


def _end(job: ExportJob, state: ExportJob.State, at: datetime, *, reason: str = "") -> bool:
    """Only the worker that holds the job ends it."""
    return bool(
        ExportJob.objects.filter(pk=job.pk, state=ExportJob.State.RUNNING, started_at=job.started_at).update(
            state=state,
            reason=reason,
            finished_at=at,
            file=job.file.name or "",
            file_name=job.file_name,
            done=job.done,
        )
    )


def job_of(actor: Actor, public_id: UUID) -> ExportJob:
    """Only the person who asked for it; DoesNotExist for anyone else."""
    return ExportJob.objects.get(public_id=public_id, requested_by=actor.user)


def hand_out(actor: Actor, public_id: UUID, at: datetime) -> ExportJob:
    """For the download: ready, not expired, and still permitted; noted in the record with the number of rows."""
    job = job_of(actor, public_id)
    require(export_of(job.kind), actor, job.params)
    if job.state != ExportJob.State.READY or at >= job.expires_at:
        raise WrongState(_("This file is no longer there; ask for the export again."))
    data = {"kind": job.kind, "rows": job.done, "form": job.form, "params": job.params}
    record(_RECORD, "download", by=actor, at=at, obj=job, text=job.file_name, data=data)
    return job


def waiting(at: datetime) -> list[int]:
    """Jobs whose wake-up was lost, or whose worker was killed."""
    left = ExportJob.objects.filter(state=ExportJob.State.RUNNING, started_at__lt=at - LEASE)
    left.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=ExportJob.State.FAILED, finished_at=at, reason=str(_("The list could not be written."))
    )
    pending = ExportJob.objects.filter(state=ExportJob.State.WAITING)
    return list(
        (pending | left.filter(attempts__lt=MAX_ATTEMPTS)).order_by("created_at").values_list("pk", flat=True)
    )


def expire(at: datetime) -> int:
    """Files past their time are deleted, and so are those of people who may no longer have them."""
    count = 0
    for job in ExportJob.objects.filter(expires_at__lte=at).exclude(state=ExportJob.State.EXPIRED)[:500]:
        name = job.file.name
        ExportJob.objects.filter(pk=job.pk).update(state=ExportJob.State.EXPIRED, file="")
        if name:
            job.file.storage.delete(name)
        count += 1
    return count
