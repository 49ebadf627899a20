"""What hangs on the reserve: Xiapu's applications, pool, plans, cases and funds; by route.

Municipal objects stand where no county has its own: the targets' draft (the commission's alone), a catalogue that waits
for approval (hidden from the counties), the batch of the annual list (open to all who propose, each sees its own items),
the batch pushed to a platform (the commission's alone).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ningde_projects.projects.models import Project, Stage
from reserve.models import ItemKind
from reserve.services import funding
from reserve.urls_cases import urlpatterns as case_urls
from reserve.urls_funding import urlpatterns as funding_urls
from tests.cast import Cast
from tests.reserve import plans, pool_story
from tests.reserve.case_story import Walk, may
from tests.reserve.offices import Offices, open_offices
from tests.reserve.plans_keys import keys_of

Address = dict[str, Any]


def addresses(cast: Cast) -> dict[str, Address]:
    return _plans(cast) | _pool(cast) | _cases(cast, open_offices(cast))


def _plans(cast: Cast) -> dict[str, Address]:
    waiting = plans.sent_catalogue(cast, plans.at(2026, 7, 12), half=2, canary=cast.canary("municipal"))
    found = {f"reserve:{name}": key for name, key in keys_of(cast).items()}
    catalogues = [n for n, key in found.items() if n.startswith("reserve:catalogue-") and key]
    return found | dict.fromkeys(["reserve:catalogue", *catalogues], {"public_id": waiting.public_id})


def _pool(cast: Cast) -> dict[str, Address]:
    """One project in the pool and one application under review; Fu'an has a project in the pool as well."""
    canary = cast.canary("xp")
    project = pool_story.pooled(cast, name=f"霞浦溪南冷链物流园（{canary}）")
    pool_story.pooled_fa(cast)
    other = plans.pooled(cast, f"霞浦溪南冷链物流中心（{canary}）")
    filed = pool_story.filed(
        cast, values=pool_story.typed(cast, name=f"霞浦长春货运站（{canary}）", content=f"站房，{canary}")
    )
    application, pooled = {"public_id": filed.public_id}, {"public_id": project.public_id}
    acts = ("application", "application_autosave", "application_recall", "application_withdraw")
    return {f"reserve:{name}": application for name in acts} | {
        "reserve:application_pass": application | {"side": "county"},
        "reserve:application_return": application | {"side": "county"},
        "reserve:pool_edit": pooled, "reserve:merge": pooled, "reserve:pool_act": pooled | {"act": "exit"},
        "reserve:item": pooled | {"code": "site"},
        "reserve:keep_apart": pooled | {"other": other.public_id},
        "reserve:item_kind": {"public_id": ItemKind.objects.get(code="site").public_id},
    }  # fmt: skip


def _cases(cast: Cast, offices: Offices) -> dict[str, Address]:
    """One case under consultation, one passed with funds approved and paid, and one project that owes its case."""
    consulting = Walk(cast, offices, "XP", _preliminary(cast, "滨海路")).consulting()
    walk = Walk(cast, offices, "XP", _preliminary(cast, "客运站"))
    batch = walk.approved()
    line = batch.lines.get()
    payment = funding.pay(
        line,
        Decimal(20),
        date(2026, 5, 19),
        "霞财建〔2026〕7号",
        by=walk.actor("finance_xp", may(20)),
        at=may(20),
    )
    owing = _preliminary(cast, "体育中心")
    opinion = consulting.opinions.get(role="approval")
    beginnings = (
        (("case_start", "case_filing_chase"), owing), (("case_opinion",), opinion), (("case",), consulting),
        (("funding_request",), line.case), (("funding_line",), line), (("funding_payment_void",), payment),
        (("funding_batch",), batch),
    )  # fmt: skip
    found: dict[str, Address] = {}
    for pattern in (*case_urls, *funding_urls):
        name = str(pattern.name)
        if "<uuid" in str(pattern.pattern):
            subject: Any = next(subject for beginning, subject in beginnings if name.startswith(beginning))
            found[f"reserve:{name}"] = {"public_id": subject.public_id}
    return found


def _preliminary(cast: Cast, name: str) -> Project:
    """A project of Xiapu whose works begin this year."""
    named = f"霞浦{name}（{cast.canary('xp')}）"
    return plans.pooled(cast, named, stage=Stage.PRELIMINARY, start_year=2026, investment_kind="government")
