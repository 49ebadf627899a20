"""Cases and funds walked through the real services, in short steps that tests put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.models import User
from ningde_projects.periods.month import midnight
from ningde_projects.projects.models import Project, Stage
from reserve.models import Case, CaseOpinion, FundingBatch, FundingRequest, LeadRole
from reserve.services import case_opinions, cases, funding, funding_batches
from tests.cast import Cast
from tests.reserve.offices import Offices

LEADS: dict[str, dict[str, str]] = {
    "SJ": {LeadRole.APPROVAL: "fgw", LeadRole.FINANCE: "czj", LeadRole.LAND: "zrj"},
    "XP": {LeadRole.APPROVAL: "fgj", LeadRole.FINANCE: "czj", LeadRole.LAND: "zrj"},
}
#: Who drafts and who signs for each office.
HANDS: dict[tuple[str, str], tuple[str, str]] = {
    ("SJ", "fgw"): ("energy", "commission_head"), ("SJ", "czj"): ("finance", "finance_signer"),
    ("SJ", "zrj"): ("muni_factor", "land_signer"), ("SJ", "gxj"): ("muni_department", "muni_signer"),
    ("XP", "fgj"): ("bureau_xp", "bureau2_xp"), ("XP", "czj"): ("finance_xp", "finance_signer_xp"),
    ("XP", "zrj"): ("land_xp", "land_signer_xp"), ("XP", "gxj"): ("department_xp", "direct_xp"),
}  # fmt: skip


def may(day: int, hour: int = 9) -> datetime:
    """An instant in May 2026, in Ningde."""
    return midnight(date(2026, 5, day)).replace(hour=hour)


def facts(**more: Any) -> dict[str, Any]:
    return {
        "body": "宁德快速通道建设公司", "land_mu": Decimal("120.5"), "forest_mu": None, "sea_mu": Decimal(0),
        "siting": "七都至漳湾，用地预审未启动，涉林 30 亩",
        "financing": [("special_bond", Decimal(100000)), ("own", Decimal(60000))],
        "financing_note": "专项债拟申报", "questions": "立项路径；用林报批层级", "supplement": "", **more,
    }  # fmt: skip


def planned(project: Project) -> Project:
    """The project before its works begin."""
    Project.objects.filter(pk=project.pk).update(stage=Stage.PRELIMINARY)
    project.refresh_from_db()
    return project


class Walk:
    """One level's cast of hands: the city's with the municipal project, or Xiapu's with its own."""

    def __init__(
        self, cast: Cast, offices: Offices, place: str = "SJ", project: Project | None = None
    ) -> None:
        self.cast, self.offices, self.place = cast, offices, place
        self.is_city = place == "SJ"
        usual = cast.project_municipal if self.is_city else cast.project_xp
        self.project = planned(project or usual)
        self.filer = "muni_department2" if self.is_city else "department_xp"
        self.convener = "commission" if self.is_city else "bureau_xp"
        self.convener2 = "commission2" if self.is_city else "bureau2_xp"
        self.government = "city_government" if self.is_city else "government_xp"
        self.finance = "finance" if self.is_city else "finance_xp"

    def actor(self, role: str, at: datetime) -> Actor:
        return self.cast.actor(self.offices[role], at)

    def user(self, role: str) -> User:
        return self.offices[role]

    def leads(self) -> dict[str, Any]:
        return {role: self.offices.office(self.place, key) for role, key in LEADS[self.place].items()}

    def draft(self) -> Case:
        return cases.start(self.project, 2026, by=self.actor(self.filer, may(4)), at=may(4))

    def submitted(self, **more: Any) -> Case:
        case = self.draft()
        cases.submit(case, facts(**more), by=self.actor(self.filer, may(5)), at=may(5))
        return case

    def consulting(self, others: tuple[str, ...] = ()) -> Case:
        case = self.submitted()
        cases.accept(
            case, leads=self.leads(), others=[self.offices.office(self.place, key) for key in others],
            last_day=date(2026, 5, 15), by=self.actor(self.convener, may(6)), at=may(6),
        )  # fmt: skip
        return case

    def give(self, case: Case, key: str, verdict: str = "agree", at: datetime | None = None) -> CaseOpinion:
        """One office's opinion, drafted and signed."""
        at = at or may(8)
        office = self.offices.office(self.place, key)
        opinion: CaseOpinion = CaseOpinion.objects.exclude(status="released").get(
            case=case, department=office
        )
        handler, signer = HANDS[self.place, key]
        values = {
            "verdict": verdict,
            "text": f"{office.short_name}意见：{verdict}",
            "section": "项目科",
            "handler": "",
        }
        case_opinions.send_to_sign(opinion, values, by=self.actor(handler, at), at=at)
        case_opinions.sign(opinion, by=self.actor(signer, at), at=at)
        return opinion

    def answered(self, verdicts: Mapping[str, str] | None = None) -> Case:
        case = self.consulting()
        for key in LEADS[self.place].values():
            self.give(case, key, (verdicts or {}).get(key, "agree"))
        return case

    def passed(self) -> Case:
        case = self.answered()
        cases.conclude(
            case, True, text="同意按意见推进前期工作", by=self.actor(self.convener2, may(11)), at=may(11)
        )
        return case

    def requested(self, case: Case | None = None, amount: int = 80) -> FundingRequest:
        case = case or self.passed()
        return funding.request_funds(
            case, Decimal(amount), "可研编制和选址论证", by=self.actor(self.filer, may(12)), at=may(12)
        )

    def batch(self, *lines: FundingRequest) -> FundingBatch:
        chosen = lines or (self.requested(),)
        finance = self.offices.office(self.place, "czj")
        return funding_batches.open_batch(
            chosen, finance=finance, by=self.actor(self.convener, may(13)), at=may(13)
        )

    def sent(self, *lines: FundingRequest) -> FundingBatch:
        batch = self.batch(*lines)
        funding_batches.send(batch, by=self.actor(self.convener, may(14)), at=may(14))
        return batch

    def approved(self, amount: int = 60) -> FundingBatch:
        batch = self.sent()
        amounts = {pk: Decimal(amount) for pk in batch.lines.values_list("pk", flat=True)}
        funding_batches.approve(batch, amounts, by=self.actor(self.government, may(18)), at=may(18))
        return batch
