"""A year of measure 2 in the time machine: a case a month, some sent back, late opinions, two batches of funds.

What a project meets with is decided by its name, so that it is the same in every run.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from ningde_projects.organizations.actor import Actor
from ningde_projects.organizations.duties import Duty, OrgKind
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month, local_date
from ningde_projects.projects.models import Project
from ningde_projects.projects.playing import People, Schedule, chance, moment, player, rng

from ..models import Case, CaseOpinion, FundingBatch, FundingRequest
from ..policies.cases import department_id
from ..rules.cases import FundSource
from ..selectors.planned import without_case
from ..services import case_guards, case_opinions, cases, funding, funding_batches
from ..services.case_limits import opinion_day
from ..services.case_offices import usual_finance, usual_leads
from ..workflow.cases import CaseStatus, OpinionStatus
from ..workflow.funding import BatchStatus, FundingStatus

#: Cases begun in a month by the city, and by those counties that show M2.4; months in which batches go out.
CITY_CASES, COUNTY_CASES = 1, 1
COUNTIES = 2
COUNTY_MONTHS = frozenset({3, 5, 8, 10})
BATCH_MONTHS = frozenset({6, 11})
SITING = (
    "位于城区规划范围内，现状为建设用地，不涉及用林用海",
    "现状为园地和林地，需办理使用林地审核",
    "岸线后方陆域，需办理用海预审",
)
QUESTIONS = ("请明确立项路径；请指导用地用林报批层级", "请指导专项债申报口径；请核实是否占用生态红线")
TEXTS = {"agree": "经研究，原则同意，请按程序办理。", "supplement": "请补充{what}后再行研究。"}


@player
def consultations(month: Month, play: Schedule) -> None:
    """The commission's cases every month, one county's now and then; two batches a year."""
    commission = Organisation.objects.filter(kind=OrgKind.COMMISSION).first()
    if commission is None:
        return
    play.at(
        moment(rng(play.seed, "case", month), month, 4, 8),
        partial(_begin, commission, CITY_CASES, month, play),
    )
    counties = Organisation.objects.filter(kind=OrgKind.COUNTY_BUREAU).order_by("place__order", "pk")[
        :COUNTIES
    ]
    for county in counties if month.number in COUNTY_MONTHS else ():
        play.at(moment(rng(play.seed, "county case", county.name, month), month, 4, 8),
                partial(_begin, county, COUNTY_CASES, month, play))  # fmt: skip
    for office in (commission, *counties) if month.number in BATCH_MONTHS else ():
        day = moment(rng(play.seed, "batch", office.name, month), month, 12, 14)
        play.at(day, partial(_bundle, office, play))


def _convening(office: Organisation, people: People, at: datetime) -> Actor | None:
    duty = Duty.DISPATCH if office.kind == OrgKind.COMMISSION else Duty.REVIEW
    return people.holder(duty, office.pk, at)


def _begin(convener: Organisation, number: int, month: Month, play: Schedule, at: datetime) -> None:
    rows = without_case(convener, month.year).select_related("place", "owner").order_by("name")
    for project in rows[:number]:
        department = department_id(project)
        actor = play.people.holder(Duty.HANDLE, department, at) if department else None
        actor = actor or play.people.holder(Duty.REPORT, project.owner_id, at)
        if actor is None:
            continue
        case = cases.start(project, month.year, by=actor, at=at)
        _file(project, case, actor, play.seed, at)
        play.at(at + timedelta(days=1, hours=3), partial(_receive, case.pk, play))


def _file(project: Project, case: Case, actor: Actor, seed: int, at: datetime, supplement: str = "") -> None:
    r = rng(seed, "facts", project.name)
    total = project.total_investment or Decimal(20000)
    own = (total * Decimal("0.4")).quantize(Decimal("0.01"))
    facts = {
        "body": project.owner.name, "siting": r.choice(SITING), "questions": r.choice(QUESTIONS),
        "land_mu": Decimal(r.randint(20, 300)), "forest_mu": Decimal(r.randint(0, 60)), "sea_mu": None,
        "financing": [(FundSource.SPECIAL_BOND.value, total - own), (FundSource.OWN.value, own)],
        "financing_note": "", "supplement": supplement, "confirmed": True,
    }  # fmt: skip
    typed = {name: str(facts[name]) for name in ("body", "siting", "questions", "supplement", "land_mu")}
    cases.save_draft(case, typed, by=actor, at=at, version=None)
    cases.submit(case, facts, by=actor, at=at)


def _receive(case_id: int, play: Schedule, at: datetime) -> None:
    """Every fifth one is sent back first; the others are accepted, with the land's office of forests asked too."""
    case = _case(case_id)
    actor = _convening(case.convener, play.people, at)
    if actor is None or case.status != CaseStatus.SUBMITTED:
        return
    if chance(play.seed, "send back", case.project.name) < 0.2 and case.returned_at is None:
        cases.send_back(case, reason="请补充规划选址情况和资金来源说明", by=actor, at=at)
        play.at(at + timedelta(days=2), partial(_file_again, case_id, play))
        return
    leads = usual_leads(case)
    if len(leads) < 3:
        return
    cases.accept(case, leads=leads, others=[], last_day=opinion_day(at), by=actor, at=at)
    for opinion in case.opinions.order_by("pk"):
        r = rng(play.seed, "case opinion", opinion.role, case.project.name)
        late = r.random() < 0.12
        days = r.randint(12, 14) if late else r.randint(2, 8)
        play.at(at + timedelta(days=days), partial(_answer, opinion.pk, play))
    play.at(at + timedelta(days=15), partial(_conclude, case_id, play))


def _file_again(case_id: int, play: Schedule, at: datetime) -> None:
    case = _case(case_id)
    duty = Duty.REPORT if case.filer.kind == OrgKind.OWNER else Duty.HANDLE
    actor = play.people.holder(duty, case.filer_id, at)
    if actor is None or case.status not in (CaseStatus.RETURNED, CaseStatus.SUPPLEMENT):
        return
    again = case.status == CaseStatus.SUPPLEMENT
    _file(case.project, case, actor, play.seed, at, "已补充相关图件和说明" if again else "")
    if not again:
        play.at(at + timedelta(hours=20), partial(_receive, case_id, play))
        return
    for opinion in case.opinions.filter(status=OpinionStatus.WAITING):
        play.at(at + timedelta(days=2), partial(_answer, opinion.pk, play))
    play.at(at + timedelta(days=4), partial(_conclude, case_id, play))


def _answer(opinion_id: int, play: Schedule, at: datetime) -> None:
    opinion = CaseOpinion.objects.select_related("case__project", "case__convener", "department").get(
        pk=opinion_id
    )
    is_bureau = opinion.department.kind == OrgKind.COUNTY_BUREAU
    handler = play.people.holder(Duty.REVIEW if is_bureau else Duty.HANDLE, opinion.department_id, at)
    if (
        handler is None
        or opinion.status != OpinionStatus.WAITING
        or opinion.case.status != CaseStatus.CONSULTING
    ):
        return
    doubts = (
        opinion.role == "land"
        and opinion.round == 1
        and chance(play.seed, "doubts", opinion.case.project.name) < 0.25
    )
    verdict = "supplement" if doubts else "agree"
    values = {"verdict": verdict, "text": TEXTS[verdict].format(what="用地现状图和选址比选材料"),
              "section": handler.user.section, "handler": handler.user.name}  # fmt: skip
    signer = play.people.others(
        Duty.REVIEW if is_bureau else Duty.SIGN, opinion.department_id, at, handler.user.pk
    )
    case_opinions.send_to_sign(opinion, values, by=handler, at=at)
    if signer is not None:
        case_opinions.sign(opinion, by=signer, at=at + timedelta(minutes=20))


def _conclude(case_id: int, play: Schedule, at: datetime) -> None:
    case = _case(case_id)
    actor = _convening(case.convener, play.people, at)
    if actor is None or case.status != CaseStatus.CONSULTING or case_guards.outstanding(case):
        return
    if case_guards.not_agreeing(case):
        cases.ask_supplement(case, reason="请按部门意见补充完善", by=actor, at=at)
        play.at(at + timedelta(days=3), partial(_file_again, case_id, play))
        return
    cases.conclude(case, True, text="同意按各部门意见推进前期工作", by=actor, at=at)
    duty = Duty.REPORT if case.filer.kind == OrgKind.OWNER else Duty.HANDLE
    filer = play.people.holder(duty, case.filer_id, at)
    r = rng(play.seed, "funds", case.project.name)
    if filer is not None and r.random() < 0.7:
        amount = Decimal(r.randint(2, 10) * 10)
        funding.request_funds(case, amount, "项目建议书、可研编制及选址论证", confirmed=True, by=filer, at=at)


def _case(case_id: int) -> Case:
    found: Case = Case.objects.select_related(
        "project__owner", "project__place", "convener", "filer", "place"
    ).get(pk=case_id)
    return found


# ---- funds -----------------------------------------------------------------------------------------------------


def _bundle(convener: Organisation, play: Schedule, at: datetime) -> None:
    actor = _convening(convener, play.people, at)
    finance = usual_finance(convener)
    lines = list(
        FundingRequest.objects.filter(case__convener=convener, status=FundingStatus.REQUESTED)
        .select_related("case__project", "case__convener", "case__filer")
        .order_by("pk")
    )  # fmt: skip
    if actor is None or finance is None or not lines:
        return
    batch = funding_batches.open_batch(lines, finance=finance, note="提请审定本批前期经费", by=actor, at=at)
    funding_batches.send(batch, by=actor, at=at)
    play.at(at + timedelta(days=3), partial(_approve, batch.pk, play))


def _approve(batch_id: int, play: Schedule, at: datetime) -> None:
    batch = FundingBatch.objects.select_related("place", "convener").get(pk=batch_id)
    actor = play.people.others(Duty.APPROVE, batch.government_id, at, batch.sent_by_id)
    if actor is None or batch.status != BatchStatus.APPROVING:
        return
    amounts = {line.pk: line.amount * Decimal("0.8") for line in batch.lines.all()}
    funding_batches.approve(batch, amounts, text="同意", by=actor, at=at)
    for number, line_id in enumerate(sorted(amounts), start=1):
        play.at(at + timedelta(days=4, minutes=number), partial(_pay, line_id, number, play))


def _pay(line_id: int, number: int, play: Schedule, at: datetime) -> None:
    """Two in three are paid in full, the others in part."""
    line = FundingRequest.objects.select_related(
        "case__project", "case__convener", "case__filer", "batch"
    ).get(pk=line_id)
    actor = play.people.holder(Duty.HANDLE, line.batch.finance_id, at)
    if actor is None or line.status != FundingStatus.APPROVED:
        return
    share = Decimal("0.5") if number % 3 == 0 else Decimal(1)
    amount = (line.open_amount * share).quantize(Decimal("0.01"))
    document = f"宁财建〔{local_date(at).year}〕{line.batch.number * 10 + number}号"
    funding.pay(line, amount, local_date(at), document, by=actor, at=at)
