"""Fictional people for demonstrations: names, and which posts each office has. Nobody here is real."""

from __future__ import annotations

from dataclasses import dataclass

from .duties import Duty, OrgKind
from .models import Rank

#: Surname and how it is written in an account name; no two are written alike.
SURNAMES: tuple[tuple[str, str], ...] = (
    ("郑", "zheng"), ("林", "lin"), ("陈", "chen"), ("黄", "huang"), ("吴", "wu"), ("李", "li"),
    ("王", "wang"), ("张", "zhang"), ("刘", "liu"), ("蔡", "cai"), ("杨", "yang"), ("许", "xu"),
    ("叶", "ye"), ("苏", "su"), ("谢", "xie"), ("周", "zhou"), ("缪", "miao"), ("雷", "lei"),
    ("蓝", "lan"), ("钟", "zhong"), ("余", "yu"), ("魏", "wei"), ("阮", "ruan"), ("薛", "xue"),
    ("卓", "zhuo"), ("彭", "peng"), ("游", "you"), ("汤", "tang"), ("程", "cheng"), ("龚", "gong"),
    ("陆", "lu"), ("江", "jiang"), ("何", "he"), ("高", "gao"), ("方", "fang"), ("丁", "ding"),
    ("邱", "qiu"), ("孙", "sun"), ("范", "fan"), ("潘", "pan"), ("曾", "zeng"),
)  # fmt: skip
GIVEN_NAMES: tuple[str, ...] = (
    "示安", "例川", "样青", "文澜", "海棠", "若溪", "知远", "景行", "闻笛", "清和", "望舒", "砚秋",
    "听雨", "云帆", "子衿", "南枝", "星野", "怀瑾", "沐阳", "采薇", "长风", "明溪", "书白", "竹君",
    "晚晴", "乐山", "思齐", "鹿鸣", "归帆", "晓岚", "松月", "静好", "远舟", "如岚", "可期", "初晴",
    "一苇",
)  # fmt: skip


@dataclass(frozen=True)
class PostOf:
    """One post of an office: the position, its rank, and the duties that go with it."""

    title: str
    rank: Rank
    duties: tuple[Duty, ...]
    section: str = ""


_APPROVER = (Duty.APPROVE, Duty.LEAD, Duty.VIEW)

POSTS: dict[str, tuple[PostOf, ...]] = {
    OrgKind.COUNTY_GOVERNMENT: (
        PostOf("副县级领导", Rank.COUNTY, _APPROVER),
        PostOf("副县级领导", Rank.COUNTY, _APPROVER),
        PostOf("政府主要负责人", Rank.COUNTY_HEAD, (Duty.LEAD, Duty.VIEW)),
    ),
    OrgKind.COUNTY_BUREAU: (
        PostOf("科员", Rank.STAFF, (Duty.REVIEW,), "重点项目股"),
        PostOf("股长", Rank.STAFF, (Duty.REVIEW,), "重点项目股"),
        PostOf("局长", Rank.TOWNSHIP, (Duty.REVIEW, Duty.DIRECT, Duty.VIEW)),
    ),
    OrgKind.COUNTY_DEPARTMENT: (
        PostOf("科员", Rank.STAFF, (Duty.HANDLE,), "项目股"),
        PostOf("副局长", Rank.TOWNSHIP, (Duty.DIRECT, Duty.SIGN)),
    ),
    OrgKind.MUNICIPAL_DEPARTMENT: (
        PostOf("科长", Rank.TOWNSHIP, (Duty.HANDLE, Duty.DIRECT), "项目科"),
        PostOf("副局长", Rank.COUNTY, (Duty.SIGN, Duty.LEAD, Duty.VIEW)),
    ),
    OrgKind.COMMISSION: (
        PostOf("科长", Rank.TOWNSHIP, (Duty.DISPATCH, Duty.DIRECT), "重点项目管理科"),
        PostOf("副科长", Rank.TOWNSHIP, (Duty.DISPATCH,), "重点项目管理科"),
        PostOf("科长", Rank.TOWNSHIP, (Duty.HANDLE, Duty.DIRECT), "能源科"),
        PostOf("副主任", Rank.COUNTY, (Duty.SIGN, Duty.LEAD, Duty.VIEW)),
        PostOf("主任", Rank.COUNTY_HEAD, (Duty.VIEW,)),
        PostOf("科长", Rank.TOWNSHIP, (Duty.SCORE,), "考核科"),
        PostOf("系统管理员", Rank.STAFF, (Duty.ADMIN_SYSTEM,)),
        PostOf("安全管理员", Rank.STAFF, (Duty.ADMIN_SECURITY,)),
        PostOf("审计管理员", Rank.STAFF, (Duty.ADMIN_AUDIT,)),
    ),
    OrgKind.MUNICIPAL_GOVERNMENT: (
        PostOf("分管领导", Rank.NONE, _APPROVER),
        PostOf("副秘书长", Rank.COUNTY_HEAD, (Duty.APPROVE, Duty.VIEW), "办公室"),
    ),
    OrgKind.OVERSIGHT: (PostOf("科长", Rank.TOWNSHIP, (Duty.SUPERVISE, Duty.VIEW)),),
    OrgKind.MEDIA: (PostOf("编辑", Rank.NONE, (Duty.VIEW,)),),
    OrgKind.OWNER: (PostOf("项目专员", Rank.NONE, (Duty.REPORT,), "工程部"),),
    OrgKind.PARTICIPANT: (),
}
#: What the statistics office has instead.
STATISTICS_POSTS: tuple[PostOf, ...] = (
    PostOf("科长", Rank.TOWNSHIP, (Duty.STATISTICS, Duty.HANDLE), "固定资产投资统计科"),
    PostOf("副局长", Rank.COUNTY, (Duty.SIGN, Duty.LEAD, Duty.VIEW)),
)


def person_name(number: int) -> str:
    """The n-th fictional full name; 41 surnames and 37 given names make 1,517 different ones."""
    return SURNAMES[number % len(SURNAMES)][0] + GIVEN_NAMES[number % len(GIVEN_NAMES)]


def surname_pinyin(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)][1]


def phone(number: int) -> str:
    """Numbers that no operator gives out."""
    return f"1000000{number:04d}"
