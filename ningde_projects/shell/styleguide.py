"""The style guide: every component in every state, with made-up data. Nothing in it is true.

Its templates lie beside it in ``guide/`` and not among the product's: their words are samples, compared with
the reference screens, and are not translated. The page exists to be looked at and measured (screens,
contrast, axe), so it has a person, a navigation and a clock of its own and asks the database nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.template.backends.django import DjangoTemplates

from . import preferences, statuses
from .errors import Changed
from .flow import Check, LifeStage, Step, TimelineItem
from .forms import MoneyField, NamedErrors
from .gantt import Bar, Gantt, GanttRow
from .navigation import PeriodOption, PeriodSwitch, ShownEntry, ShownSection
from .period_bar import PeriodBar, PeriodNode
from .tile_map import Tile

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 5, 14, 32, 8, tzinfo=TZ)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TZ)


def _entry(
    label: str, icon: str, number: int | None = None, *, hot: bool = False, current: bool = False
) -> ShownEntry:
    return ShownEntry(key=icon, label=label, icon=icon, url="#main", number=number, hot=hot, current=current)


SECTIONS = [
    ShownSection(
        "工作",
        [
            _entry("我的待办", "checkbox", 3, hot=True, current=True),
            _entry("已办", "checks", 2),
            _entry("紧急问题直报", "urgent"),
        ],
    ),
    ShownSection(
        "项目",
        [
            _entry("我的项目", "building-skyscraper", 5),
            _entry("问题台账", "list-details", 7),
            _entry("协调与通报", "messages", 2),
            _entry("报告单归档", "archive"),
        ],
    ),
    ShownSection("帮助", [_entry("填报口径", "book"), _entry("空白表样下载", "file-spreadsheet")]),
]
TABS = [
    _entry("待办", "checkbox", 3, hot=True, current=True),
    _entry("项目", "building-skyscraper"),
    _entry("紧急直报", "urgent"),
    _entry("问题", "list-details"),
]


@dataclass
class DemoShell:
    """Stands in for the context processor's ``Shell``."""

    request: HttpRequest
    actor: Any = True
    name: str = "陈晓燕"
    initial: str = "陈"
    unit: str = "霞浦县城建水务发展有限公司"
    duties: str = "项目业主"
    home: str = "#main"
    unread: int = 3
    unread_shown: str = "3"
    support: str = "0593-28**016（工作日 8:00—18:00）"
    demonstration: bool = True
    sections: list[ShownSection] = field(default_factory=lambda: SECTIONS)
    tabs: list[ShownEntry] = field(default_factory=lambda: TABS)
    period: PeriodSwitch = field(
        default_factory=lambda: PeriodSwitch(
            "报告期",
            "2026年10月",
            [PeriodOption("2026年10月", "#main", current=True), PeriodOption("2026年9月", "#main")],
        )
    )
    links: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("notices", "help", "search", "account", "sign_out"), "#main")
    )

    @property
    def rail(self) -> bool | None:
        return preferences.rail(self.request)

    @property
    def keys(self) -> bool:
        return preferences.single_keys(self.request)


class DemoForm(NamedErrors, forms.Form):
    """One field of each kind."""

    amount = MoneyField(label="10月完成投资")
    total = MoneyField(label="开工以来累计完成投资")
    progress = forms.CharField(
        label="形象进度",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明部位、桩号、完成量和占比，不写“正常推进”。",
    )
    category = forms.ChoiceField(
        label="问题类别", choices=[(c, c) for c in ("施工建设", "安征迁", "用地报批", "用林用海", "筹融资")]
    )
    office = forms.ChoiceField(
        label="责任单位", choices=[("", "请选择"), *((f"o{n}", f"第{n}号单位（示例）") for n in range(1, 20))]
    )
    state = forms.ChoiceField(
        label="10月状态",
        widget=forms.RadioSelect,
        choices=[("open", "仍未解决"), ("moving", "有进展"), ("solved", "已解决")],
    )
    result = forms.ChoiceField(
        label="办理结果",
        widget=forms.RadioSelect,
        choices=[("done", "已解决"), ("going", "正在办理"), ("up", "建议提级"), ("not", "非本局职责")],
    )
    reasons = forms.MultipleChoiceField(
        label="退回原因",
        widget=forms.CheckboxSelectMultiple,
        choices=[("sum", "投资数据前后不一致"), ("vague", "形象进度不具体或与上月雷同")],
    )
    mail = forms.BooleanField(label="同时发邮件", required=False)
    photo = forms.FileField(label="现场照片", required=False)

    def clean_total(self) -> None:
        raise forms.ValidationError("应为 15,890 万元（上月累计 15,470 + 10月 420），现填 15,894 万元")


def demo_form() -> DemoForm:
    return DemoForm(
        {
            "amount": "420",
            "total": "15894",
            "progress": "道路：K0+000—K2+140 路基全部完成，占 56%。",
            "category": "施工建设",
            "office": "",
            "state": "moving",
            "result": "going",
            "reasons": ["sum"],
        }
    )


def bar(now: datetime, mine: int) -> PeriodBar:
    nodes = [
        PeriodNode(at(11, 1), "开始填报", note="应报 46 个", opens=True),
        PeriodNode(
            at(11, 8),
            "业主报送",
            note="按时",
            done=41,
            total=46,
            gap="未报 5" if now > at(11, 8) else "",
            act="报送",
        ),
        PeriodNode(at(11, 11), "县汇总上报", note="已签收", done=29, total=46, act="汇总上报市发改委"),
        PeriodNode(at(11, 16), "市直协调意见", note="待市直部门"),
        PeriodNode(at(11, 21), "清单下发", note="市政府审定后"),
    ]
    return PeriodBar(
        now,
        [
            PeriodNode(n.at, n.title, n.note, n.gap, n.done, n.total, i == mine, n.opens, None, n.act)
            for i, n in enumerate(nodes)
        ],
    )


@dataclass(frozen=True)
class DemoRow:
    """One line of the demonstration list."""

    pk: int
    name: str
    owner: str
    light: str
    status: str
    six: tuple[str, ...]
    amount: int | None = None
    rate: float | None = None
    problems: int | None = None
    filed: datetime | None = None
    extra: str = ""

    @property
    def marks(self) -> list[tuple[str, str]]:
        return [(f"{month}月", state) for month, state in zip(range(5, 11), self.six, strict=True)]


WATER = "霞浦县城建水务发展有限公司"
ON_TIME = ("on",) * 6
LATE_ONCE = ("on", "late", "on", "on", "on", "on")
SILENT = ("on", "on", "late", "on", "missing", "missing")
ROWS = [
    DemoRow(
        1,
        "霞浦县三沙渔港经济区道路及防护工程",
        WATER,
        "r",
        "resubmit",
        LATE_ONCE,
        420,
        62.2,
        3,
        at(11, 5, 15, 10),
        "第2次",
    ),
    DemoRow(
        2,
        "霞浦县松港片区雨污分流改造工程",
        WATER,
        "y",
        "submitted",
        ON_TIME,
        390,
        82.9,
        1,
        at(11, 4, 10, 26),
    ),
    DemoRow(
        3,
        "霞浦县牙城至水门旅游公路工程",
        "霞浦县交通投资有限公司",
        "g",
        "submitted",
        ON_TIME,
        1860,
        85.8,
        1,
        at(11, 5, 9, 41),
    ),
    DemoRow(4, "霞浦县崇儒畲族乡茶旅融合示范园", "福建崇儒茶业发展有限公司", "n", "overdue", SILENT),
]


def _flow() -> dict[str, Any]:
    return {
        "steps_h": [
            Step("汇总计算", "市发改委 10-09", "done"),
            Step("数据确认", "市统计局等 5 部门 10-12", "done"),
            Step("市政府审定", "10-16 送审，已 4 天", "now"),
            Step("发布", "宁德电视台、闽东日报"),
        ],
        "steps_v": [
            Step("业主报送", "退回修改中", "back"),
            Step("县发改局签收", "10日前"),
            Step("县政府审定、上报", "10日前"),
        ],
        "stages": [
            LifeStage("策划", "2023-03 入策划目录", "done"),
            LifeStage("储备", "2023-07 入库", "done"),
            LifeStage("前期（3+N）", "2023-09 — 2024-08", "done"),
            LifeStage("开工", "2024-09 开工，10月入统", "done"),
            LifeStage("在建", "25 个月，投资 60.2%", "now"),
            LifeStage("竣工", "计划 2027-12"),
        ],
        "timeline": [
            TimelineItem(
                "退回",
                "县发改局 郑文斌",
                at(11, 4, 16, 40),
                "arrow-back-up",
                "red",
                "形象进度请写明桩号和完成量。",
            ),
            TimelineItem("签收", "县发改局 郑文斌", at(11, 4, 16, 2), "check", "green"),
            TimelineItem(
                "报送（第1次）", "陈晓燕", at(11, 3, 9, 12), "send", "sea", "", "#main", "查看当时版本"
            ),
            TimelineItem("列入清单", "市发改委 黄启明", at(10, 20, 9), "file-export", "violet"),
            TimelineItem("电话催办", "市发改委 黄启明", at(10, 18, 9), "bell-ringing", "amber"),
        ],
        "checks": [
            Check("pass", "累计 15,890 = 上月 15,470 + 10月 420"),
            Check("warn", "10月完成环比 −39.1%，请在形象进度中说明原因"),
            Check("fail", "问题 3 未写明责任单位", "#id_office", "去补上"),
        ],
    }


GUIDE = Path(__file__).parent / "guide"
PIECES = ("words", "list", "form", "flow", "drawings", "empty")


def page(request: HttpRequest) -> str:
    """The whole guide as HTML."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)  # noqa: S101 - tells the type

    def of(name: str) -> Any:
        return engine.from_string((GUIDE / f"{name}.html").read_text(encoding="utf-8"))

    pieces = {name: of(name).template for name in PIECES}
    return str(of("page").render({**context(request), "pieces": pieces}, request))


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "shell": DemoShell(request),
        "now": NOW,
        "statuses": statuses.STATUSES,
        "form": demo_form(),
        "bars": [bar(NOW, 1), bar(at(11, 9, 16), 2), bar(at(11, 25), 4)],
        "dues": [at(11, 16), at(11, 8), at(11, 6), at(11, 3)],
        "rows": ROWS,
        "page": Paginator(range(46), 15).page(1),
        "old": "道路：K0+000—K2+050 路基完成。防护堤：沉箱安放 36 座。",
        "new": "道路：K0+000—K2+140 路基全部完成，占 56%；水稳层完成 1.42 公里。"
        "防护堤：沉箱安放 38/40 座；K1+200—K1+650 未取得用海批复。",
        "parts": [(31, "k-county"), (17, "k-dept"), (6, "k-city")],
        "actions": [
            {"value": "accept", "icon": "check", "label": "批量签收"},
            {"value": "return", "icon": "arrow-back-up", "label": "退回"},
        ],
        "changed": [Changed("形象进度", "路基全部完成", "路基完成 56%")],
        "quarters": [(18.6, "k-q1"), (23.1, "k-q2"), (23.3, "k-q3")],
        "tiles": [
            Tile(n, f, level, "#main")
            for n, f, level in (
                ("寿宁县", "4 · 14.3%", 4),
                ("柘荣县", "3 · 13.0%", 3),
                ("福鼎市", "5 · 9.1%", 2),
                ("周宁县", "2 · 8.3%", 2),
                ("福安市", "8 · 13.8%", 3),
                ("霞浦县", "8 · 17.4%", 5),
                ("屏南县", "5 · 18.5%", 5),
                ("蕉城区", "6 · 11.5%", 3),
                ("东侨", "2 · 6.5%", 1),
                ("古田县", "5 · 14.7%", 4),
            )
        ],
        "gantt": Gantt(
            2026,
            [
                GanttRow(
                    "用林用海 防护堤用海审批未批复",
                    [
                        Bar(date(2026, 7, 15), date(2026, 8, 1), "k-county"),
                        Bar(date(2026, 8, 1), date(2026, 11, 12), "k-dept"),
                    ],
                    "120 天",
                ),
                GanttRow(
                    "筹融资 配套资金到位",
                    [Bar(date(2026, 3, 22), date(2026, 5, 14), "k-done")],
                    "53 天办结",
                    quiet=True,
                ),
            ],
            date(2026, 11, 12),
        ),
        **_flow(),
    }
