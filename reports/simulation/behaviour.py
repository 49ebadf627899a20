"""How people behave, reproducibly: the same seed, project and month always decide the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random

from ningde_projects.periods.month import Month
from ningde_projects.projects.playing import moment, rng

from ..models import Report


class Filing(Enum):
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True)
class OwnerHabit:
    """What the owner of one project does in one month."""

    filing: Filing
    at: datetime
    first_draft_at: datetime
    will_be_returned: bool
    refile_after: timedelta
    month_share: Decimal
    new_problems: int
    solves_carried: float
    urgent: bool


def called(report: Report) -> str:
    """The project, and the county of the part that is reported: the same in every run, unlike their numbers."""
    return f"{report.project.name}:{report.part.place.code if report.part else ''}"


def owner_habit(seed: int, project: str, month: Month) -> OwnerHabit:
    """Some owners are always punctual, some now and then late, a few careless; most report no problem."""
    character = rng(seed, "owner", project).random()
    r = rng(seed, "owner", project, month)
    roll = r.random()
    careless, forgetful = (0.25, 0.12) if character < 0.12 else (0.06, 0.02)
    filing = (
        Filing.MISSING if roll < forgetful else Filing.LATE if roll < forgetful + careless else Filing.ON_TIME
    )
    follow = month.next
    at = moment(r, follow, 8, 13) if filing is Filing.LATE else moment(r, follow, 1, 7)
    pace = 0.55 + rng(seed, "pace", project).random() * 0.75
    swing = 0.7 + r.random() * 0.6
    return OwnerHabit(
        filing=filing,
        at=at,
        first_draft_at=max(follow.start + timedelta(hours=8), at - timedelta(hours=r.randint(1, 30))),
        will_be_returned=r.random() < 0.08,
        refile_after=timedelta(hours=r.randint(3, 40)),
        month_share=Decimal(str(round(pace * swing / 12, 4))),
        new_problems=r.choices([0, 1, 2], [0.8, 0.17, 0.03])[0],
        solves_carried=0.18,
        urgent=r.random() < 0.012,
    )


PROGRESS = (
    "主体结构完成 {a} 层，占 {p}%；室外管网完成 {b} 米",
    "路基完成 {b} 米，占 {p}%；桥梁下部结构完成 {a} 个墩台",
    "厂房钢结构吊装完成 {p}%；设备基础完成 {a} 个",
    "主管沟开挖完成 {b} 米，累计占 {p}%；阀井完成 {a} 座",
    "边坡支护完成 {b} 平方米，占 {p}%；桩基完成 {a} 根",
)
NEXT_PLAN = (
    "继续推进主体施工，完成剩余工程量 {p}%",
    "完成设备进场和安装调试 {a} 台（套）",
    "完成路面基层 {b} 米",
)

#: category code -> description, request, level asked for
PROBLEMS: tuple[tuple[str, str, str, str], ...] = (
    (
        "01",
        "红线内 {a} 户房屋征收补偿协议未签订，影响施工面 {b} 米",
        "请属地乡镇加快征收，{m}月底前交地",
        "county",
    ),
    ("01", "施工便道涉及坟墓迁移 {a} 座，余 {c} 座未迁", "请属地乡镇于{m}月20日前完成迁移", "county"),
    ("02", "专项债券资金 {b} 万元未下达，影响设备采购合同支付", "请市财政局协调尽快下达", "department"),
    ("02", "银行贷款审批未完成，资本金到位 {p}%", "请金融主管部门协调放款", "leader"),
    ("03", "临时用地 {a} 亩未批复，弃渣无法外运", "请市自然资源局优先审查，{m}月底前取得批复", "department"),
    ("03", "使用林地 {c} 公顷审核同意书未取得", "请市林业局协调上报审批", "department"),
    ("04", "用海审批论证报告需补正，水上施工暂停", "请市海洋与渔业局组织评审", "department"),
    ("05", "初步设计概算评审未完成，影响施工图审查", "请主管部门加快评审", "department"),
    ("06", "砂石料供应不足，月缺口 {b} 立方米", "请县住建局协调供应渠道", "county"),
    ("06", "现场阻工 {c} 次，影响路基施工 {b} 米", "请属地派出所和乡镇协助处置", "county"),
    ("07", "10 千伏电力杆线迁改 {a} 基方案未定", "请供电公司{m}月底前确定迁改方案", "county"),
    ("09", "红线与在编详细规划不一致，需调整", "请自然资源部门明确调整路径", "department"),
)
NOTES = (
    "已约谈责任单位，{m}月中旬再次会商",
    "完成现场核查，材料已补报",
    "已签订 {a} 户，余 {c} 户",
    "正在组织评审",
)
COUNTY_OPINIONS = (
    "县政府已召开协调会，责成属地乡镇于{m}月20日前完成",
    "县自然资源局已完成组卷，请市直部门优先审查",
    "县财政先行调度资金，余款请市级协调",
    "已列入县领导挂钩事项，每周调度",
)
OPINIONS = (
    "已受理并组织技术审查，预计{m}月25日前完成会签",
    "请县级主管部门{m}月18日前补齐材料，材料齐备后 5 个工作日内办结",
    "已列入本月协调会议题，由分管领导牵头推进",
)
RETURN_REASONS = ("形象进度请写明部位和完成量", "问题请补充责任单位对接情况和诉求时限")


def words(r: Random, template: str, month: Month) -> str:
    return template.format(
        a=r.randint(2, 40), b=r.randint(60, 2400), c=r.randint(1, 9), p=r.randint(12, 96), m=month.next.number
    )
