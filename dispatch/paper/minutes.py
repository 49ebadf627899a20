"""会议纪要 of a meeting: who, what was heard, what was decided, by GB/T 9704 (M8.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .official import Official, official_day


@dataclass(frozen=True)
class HeardItem:
    """One item of the agenda: the project, the matter, and what was said."""

    project: str
    place: str
    matter: str
    note: str


@dataclass(frozen=True)
class DecidedItem:
    text: str
    unit: str
    person: str
    due_on: date | None


@dataclass(frozen=True)
class Minutes:
    """Everything that stands in the minutes, as plain values."""

    kind: str
    office: str
    held_on: date | None
    location: str
    chair: str
    people: str
    minutes: str
    heard: tuple[HeardItem, ...]
    decided: tuple[DecidedItem, ...]


def minutes_docx(m: Minutes) -> bytes:
    """The finished document; what is not known yet stands as a blank to be filled in by hand."""
    day = official_day(m.held_on) if m.held_on else "　　年　月　日"
    paper = Official(f"{m.kind}纪要").masthead("重点项目调度会议纪要", left=m.office, right=day)
    paper.title(f"{m.kind}纪要")
    opening = f"{day}，{m.chair or '　　　'}在{m.location or '　　　'}主持召开{m.kind}，研究{_count(m)}。"
    paper.text(f"{opening}现将会议议定事项纪要如下：")
    if m.minutes.strip():
        paper.heading("会议情况").text(m.minutes)
    if m.heard:
        paper.heading("研究事项")
        for item in m.heard:
            paper.heading(f"{item.project}（{item.place}）", 2).text(_sentence(item.matter))
            if item.note:
                paper.text(f"会议指出，{item.note.rstrip('。')}。")
    paper.heading("议定事项")
    if m.decided:
        paper.table(
            ["序号", "议定事项", "责任单位", "责任人", "完成时限"],
            [[str(n), d.text, d.unit, d.person, official_day(d.due_on) if d.due_on else ""]
             for n, d in enumerate(m.decided, 1)],
            [8, 38, 22, 13, 19], left=[1],
        )  # fmt: skip
    else:
        paper.text("会议未议定需跟踪落实的事项。")
    paper.labelled("主持", m.chair or "　　　")
    paper.labelled("出席", m.people or "　　　")
    return paper.bytes()


def _sentence(text: str) -> str:
    """A paragraph ends with a full stop, however it was typed."""
    text = text.strip()
    return text if not text or text[-1] in "。！？；" else f"{text}。"


def _count(m: Minutes) -> str:
    projects = len({item.project for item in m.heard})
    return f"{projects}个重点项目的{len(m.heard)}个事项" if m.heard else "重点项目建设有关事项"
