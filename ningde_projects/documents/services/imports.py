"""Receive an uploaded table, check it, carry its plan out once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from ningde_projects.organizations.actor import Actor, load_actor
from ningde_projects.periods.month import local_date
from ningde_projects.workflow.door import record
from ningde_projects.workflow.refusals import Refusal

from .. import conf, gate, secrecy
from ..annotated import FINDINGS
from ..imports import SHOWN_ITEMS, Importer, ImportPlan, Params, importer_of
from ..models import ImportBatch, LayoutVersion
from ..paper import ParsedForm, read_form
from ..paper.read import form_mark
from ..problems import CellError, file_error, in_order
from ..reading import SheetData, TableKind, opened
from ..refusals import FileRefused
from ..rows import ParsedRow
from ..sheets import Sheet
from ..tables import has_header, read_table
from ..text import clean_file_name

Outcome = Literal["committed", "already", "changed", "refused", "expired"]
_RECORD = "import"


@dataclass(frozen=True)
class Committed:
    """What came of a confirmation; `already` means that it had been carried out before."""

    batch: ImportBatch
    outcome: Outcome


def receive(
    importer: Importer, upload: UploadedFile[Any], actor: Actor, at: datetime, params: Params
) -> ImportBatch:
    """Keep the file privately and check it; FileRefused when it is no table at all (nothing is kept then)."""
    name = clean_file_name(upload.name or "")
    kind = _kind_of(name, importer)
    secrecy.check_name(name)
    gate.check_size(upload.size or 0, conf.max_upload_bytes())
    batch = ImportBatch(
        kind=importer.kind,
        params=dict(params),
        uploaded_by=actor.user,
        original_name=name,
        file_kind=kind,
        sha256=_digest(upload),
        size=upload.size or 0,
        state=ImportBatch.State.WAITING,
        created_at=at,
        expires_at=at + conf.import_lifetime(),
    )
    upload.seek(0)
    batch.file.save(name, upload, save=False)
    try:
        if importer.in_background:
            gate_only(batch)
        else:
            check(batch, importer, actor, at)
        with transaction.atomic():
            batch.save()
            data = {"kind": importer.kind, **batch.counts}
            record(_RECORD, "upload", by=actor, at=at, obj=batch, text=name, data=data)
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def _kind_of(name: str, importer: Importer) -> TableKind:
    ending = name.rpartition(".")[2].lower()
    allowed = ("xlsx", "csv") if importer.takes_csv else ("xlsx",)
    if ending not in allowed:
        listed = _(" or ").join("." + known for known in allowed)
        raise FileRefused(
            "ending",
            _("Files of the kind .{ending} are not taken in").format(ending=ending[:10]),
            _("Save the table as {kinds}.").format(kinds=listed),
        )
    return cast(TableKind, ending)


def _digest(upload: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def gate_only(batch: ImportBatch) -> None:
    """What can be said at once of a file that a worker will read."""
    path = Path(batch.file.path)
    if batch.file_kind == "xlsx":
        gate.check_archive(path, "xlsx")
    else:
        gate.check_csv(path)


def check(batch: ImportBatch, importer: Importer, actor: Actor, at: datetime) -> None:
    """Read the file, run the rules, put the preview on the batch; FileRefused when it cannot be read."""
    records, errors = parse(batch, importer, actor, at)
    plan = _plan(importer, records, errors, actor, at, batch.params)
    again = ImportBatch.objects.filter(
        kind=batch.kind, sha256=batch.sha256, state=ImportBatch.State.COMMITTED
    )
    if earlier := again.order_by("-committed_at").first():
        plan.errors.append(_same_file(earlier))
    _store(batch, plan)


def _same_file(earlier: ImportBatch) -> CellError:
    day = local_date(cast(datetime, earlier.committed_at))
    rule = _("The very same file was imported on {date}").format(date=day)
    way_out = _("If this is not a mistake, look at the preview: what is there already stays unchanged.")
    return CellError("", 0, "", "", "", rule, way_out, is_question=True)


def _store(batch: ImportBatch, plan: ImportPlan) -> None:
    batch.plan = [item.to_json() for item in plan.items[:SHOWN_ITEMS]]
    batch.fingerprint = plan.fingerprint
    batch.errors = [error.to_json() for error in plan.errors]
    batch.counts = plan.counts
    batch.state = ImportBatch.State.REFUSED if plan.has_errors else ImportBatch.State.PREVIEWED


def _plan(
    importer: Importer,
    records: Sequence[ParsedRow] | Sequence[ParsedForm],
    errors: list[CellError],
    actor: Actor,
    at: datetime,
    params: Params,
) -> ImportPlan:
    """The app's rules see every row that could be read, so that all errors are told at once."""
    if importer.check_rows is not None:
        plan = importer.check_rows(cast(Sequence[ParsedRow], records), actor, at, params)
    elif importer.check_forms is not None:
        plan = importer.check_forms(cast(Sequence[ParsedForm], records), actor, at, params)
    else:  # pragma: no cover - an Importer has one or the other
        raise TypeError(importer.kind)
    plan.errors = in_order([*errors, *plan.errors])
    return plan


# --- reading ------------------------------------------------------------------------------------------


def parse(
    batch: ImportBatch, importer: Importer, actor: Actor, at: datetime
) -> tuple[Sequence[ParsedRow] | Sequence[ParsedForm], list[CellError]]:
    """Rows or forms with the findings of reading; the file is read anew each time, bound to its hash."""
    path = Path(batch.file.path)
    with opened(path, cast(TableKind, batch.file_kind), max_rows=importer.max_rows + 50) as sheets:
        workbook = [data for data in sheets if data.name != str(FINDINGS.name)]
        if importer.sheet is not None:
            table = read_table(_shape_of(importer, importer.sheet, workbook), workbook)
            if len(table.rows) > importer.max_rows:
                table.errors.insert(0, _too_many(len(table.rows), importer.max_rows))
            return table.rows, table.errors
        return _forms(importer, workbook, actor, at, batch.params)


def _shape_of(importer: Importer, sheet: Sheet, workbook: Sequence[SheetData]) -> Sheet:
    if importer.other_shape is None or has_header(sheet, workbook):
        return sheet
    other = importer.other_shape()
    return other if has_header(other, workbook) else sheet


def _too_many(count: int, most: int) -> CellError:
    return file_error(
        _("{count} rows, at most {most} can be imported at once").format(count=count, most=most),
        _("Split the file."),
    )


def _forms(
    importer: Importer, workbook: Sequence[SheetData], actor: Actor, at: datetime, params: Params
) -> tuple[list[ParsedForm], list[CellError]]:
    choices = importer.choices(actor, at, params) if importer.choices else {}
    current = LayoutVersion.current(importer.layout, local_date(at))
    forms: list[ParsedForm] = []
    errors: list[CellError] = []
    for data in workbook:
        mark, column = form_mark(data.hold())
        if not column:
            if not data.hidden and data.rows:
                errors.append(_not_read(data.name))
            continue
        layout = current
        if mark is not None and mark.key == current.key and mark.version in current.accepts:
            layout = LayoutVersion.numbered(mark.key, mark.version)
        form = read_form(layout, data, choices)
        forms.append(form)
        errors.extend(form.errors)
    if not forms:
        errors.append(
            file_error(
                _("The file holds no form made by the system"),
                _("Download the form, fill it in, and upload that file."),
            )
        )
    return forms, errors


def _not_read(sheet: str) -> CellError:
    rule, way_out = _("This sheet is not a form and is not read"), _("Nothing to do.")
    return CellError(sheet, 0, "", "", "", rule, way_out, is_question=True)


# --- carrying out -------------------------------------------------------------------------------------


def commit(batch: ImportBatch, importer: Importer, actor: Actor, at: datetime) -> Committed:
    """Carry the previewed plan out, once. A plan that has changed since the preview is shown anew instead.

    May raise the app's Refusal; then nothing was written. The file is read outside the transaction.
    """
    if batch.state == ImportBatch.State.COMMITTED:
        return Committed(batch, "already")
    if not batch.is_open(at):
        return Committed(batch, "expired" if batch.state != ImportBatch.State.REFUSED else "refused")
    records, errors = parse(batch, importer, actor, at)
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if held.state == ImportBatch.State.COMMITTED:
            return Committed(held, "already")
        plan = _plan(importer, records, list(errors), actor, at, held.params)
        if plan.has_errors or plan.fingerprint != held.fingerprint:
            _store(held, plan)
            held.save()
            return Committed(held, "refused" if plan.has_errors else "changed")
        result: Mapping[str, Any] = importer.apply(plan, actor, at, held.params) or {}
        held.state, held.committed_at = ImportBatch.State.COMMITTED, at
        held.result = dict(result)
        held.save()
        data = {"kind": importer.kind, "sha256": held.sha256, **held.counts}
        record(_RECORD, "commit", by=actor, at=at, obj=held, text=held.original_name, data=data)
    return Committed(held, "committed")


# --- by workers ---------------------------------------------------------------------------------------


def waiting(at: datetime) -> list[int]:
    """Batches whose wake-up was lost."""
    left = ImportBatch.objects.filter(state=ImportBatch.State.WAITING, expires_at__gt=at)
    return list(left.order_by("created_at").values_list("pk", flat=True))


def check_waiting(batch_id: int, at: datetime) -> bool:
    """Read a large file in the background; the person's rights are those of this moment."""
    batch = ImportBatch.objects.select_related("uploaded_by").get(pk=batch_id)
    if batch.state != ImportBatch.State.WAITING:
        return False
    try:
        importer = importer_of(batch.kind)
        actor = load_actor(batch.uploaded_by, at)
        reason = importer.refuse(actor, batch.params)
        if reason:
            raise FileRefused("right", str(reason), "")
        check(batch, importer, actor, at)
    except FileRefused as refused:
        _store(batch, ImportPlan(errors=[file_error(refused.rule, refused.way_out)]))
    except Refusal as refused:
        _store(batch, ImportPlan(errors=[file_error(str(refused), "")]))
    except Exception:
        # Whatever it was, the person is told and the file is not tried again every minute.
        _store(batch, ImportPlan(errors=[file_error(_("The file could not be read"), _("Upload it again."))]))
        batch.save()
        raise
    batch.save()
    return True


def expire(at: datetime) -> int:
    """Previews that nobody confirmed lose their file; carried out ones keep it as evidence."""
    open_states = (ImportBatch.State.WAITING, ImportBatch.State.PREVIEWED, ImportBatch.State.REFUSED)
    count = 0
    for batch in ImportBatch.objects.filter(state__in=open_states, expires_at__lte=at)[:500]:
        moved = ImportBatch.objects.filter(pk=batch.pk, state__in=open_states).update(
            state=ImportBatch.State.EXPIRED, plan=[], errors=[], file=""
        )
        if moved:
            batch.file.storage.delete(batch.file.name or "")
            count += 1
    return count
