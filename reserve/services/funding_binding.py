"""The tables of requests and batches tied to their models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ningde_projects.organizations.duties import OrgKind
from ningde_projects.workflow.door import bind

from ..models import FundingBatch, FundingRequest
from ..policies.cases import department_id
from ..workflow.funding import BATCH, FUNDING
from .case_binding import about_case, convener_office


def _line_offices(line: FundingRequest, office: str) -> Iterable[int]:
    case = line.case
    if office == "owner":
        return {case.project.owner_id}
    if office == "department":
        filing = {case.filer_id} if case.filer.kind != OrgKind.OWNER else set()
        department = department_id(case.project)
        return filing | ({department} if department else set())
    if office == "finance":
        return {line.batch.finance_id} if line.batch else set()
    return convener_office(case.level, case.convener_id, office)


def _about_line(line: FundingRequest) -> Mapping[str, Any]:
    return {**about_case(line.case), "object_text": str(line)[:200]}


def _batch_offices(batch: FundingBatch, office: str) -> Iterable[int]:
    if office == "government":
        return {batch.government_id}
    return convener_office(batch.level, batch.convener_id, office)


def _about_batch(batch: FundingBatch) -> Mapping[str, Any]:
    return {"object_text": str(batch)[:200], "place_id": batch.place_id}


funding_binding = bind(FUNDING, FundingRequest, offices=_line_offices, about=_about_line)
batch_binding = bind(BATCH, FundingBatch, offices=_batch_offices, about=_about_batch)
