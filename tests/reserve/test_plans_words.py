"""Acts, notices and states of targets, catalogues, the annual list and pushes have words, and no template breaks (E3)."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from ningde_projects.notices.kinds import all_kinds
from ningde_projects.shell.statuses import STATUSES
from ningde_projects.workflow import acts
from reserve.workflow.annual import BATCH, ITEM
from reserve.workflow.catalogue import CATALOGUE
from reserve.workflow.pushes import PUSH
from reserve.workflow.targets import TARGETS

CHIPS = {"targets": TARGETS, "catalogue": CATALOGUE, "batch": BATCH, "item": ITEM, "push": PUSH}
_RECORDED = re.compile(r'record\(\s*"(\w+)",\s*"(\w+)"')


def test_every_state_has_a_chip() -> None:
    wanted = {f"{prefix}_{status}" for prefix, machine in CHIPS.items() for status in machine.statuses.values}
    assert wanted <= set(STATUSES)


def test_every_recorded_act_of_this_room_has_words() -> None:
    found = set()
    for path in Path(settings.BASE_DIR, "reserve", "services").glob("*.py"):
        found |= set(_RECORDED.findall(path.read_text(encoding="utf-8")))
    known = acts.kinds()
    assert len(found) >= 10
    assert [pair for pair in found if pair[0] not in known or pair[1] not in known[pair[0]].acts] == []


def test_every_notice_can_be_worded() -> None:
    params = dict.fromkeys(
        ("title", "department", "tasks", "reason", "issue", "days", "year", "number", "count", "investment", "project",
         "target", "due", "first"), "x",
    )  # fmt: skip
    prefixes = ("catalogue_", "annual_", "push_", "reserve_targets", "d11_", "d13_")
    kinds = [kind for kind in all_kinds() if kind.key.startswith(prefixes)]
    assert len(kinds) >= 14
    assert all(str(kind.title) % params and str(kind.body) % params for kind in kinds)
