"""The catalogue of preliminary items that every installation starts with (facts.md §5.5).

Names and order are those of the real approval chain; validities come from a secondary source and are the commission's
to correct. Chinese here is data, not wording of the program.
"""

from __future__ import annotations

from ningde_projects.periods.month import Month

from .models import ItemKind

FIRST_MONTH = Month(2023, 11)
_ALL, _GOV, _ENT = "", "government", "enterprise"

#: code, name, department in charge, validity in months (0 = none), applies to, required as a rule.
ITEM_KINDS: tuple[tuple[str, str, str, int, str, bool], ...] = (
    ("proposal", "项目建议书", "发改部门", 0, _GOV, True),
    ("filing", "核准批复／备案证明", "发改部门", 0, _ENT, True),
    ("site", "用地预审与选址意见书", "自然资源部门", 36, _ALL, True),
    ("feasibility", "可行性研究报告批复", "发改部门", 24, _GOV, True),
    ("environment", "环境影响评价批复", "生态环境部门", 60, _ALL, True),
    ("design", "初步设计及概算批复", "发改部门／行业主管部门", 0, _GOV, True),
    ("land_permit", "建设用地规划许可证", "自然资源部门", 12, _ALL, True),
    ("land", "不动产权证／用地批准", "自然资源部门", 0, _ALL, True),
    ("works_permit", "建设工程规划许可证", "自然资源部门", 12, _ALL, True),
    ("building_permit", "施工许可证", "住建／交通／水利部门", 3, _ALL, True),
    ("forest", "使用林地审核同意书", "林业部门", 24, _ALL, False),
    ("sea", "海域使用权（用海批复）", "海洋渔业／自然资源部门", 0, _ALL, False),
    ("energy", "节能审查意见", "发改／工信部门", 24, _ALL, False),
    ("soil", "水土保持方案批复", "水利部门", 36, _ALL, False),
    ("flood", "防洪／涉河建设方案批复", "水利部门", 36, _ALL, False),
    ("stability", "社会稳定风险评估", "属地政府", 0, _ALL, False),
    ("relics", "文物调查勘探意见", "文旅部门", 0, _ALL, False),
    ("geology", "地质灾害危险性评估", "自然资源部门", 0, _ALL, False),
    ("quake", "地震安全性评价", "应急部门", 0, _ALL, False),
    ("minerals", "压覆矿产资源审批", "自然资源部门", 0, _ALL, False),
    ("intake", "取水许可", "水利部门", 0, _ALL, False),
    ("waterway", "航道／岸线使用审批", "交通运输部门", 0, _ALL, False),
    ("drawings", "施工图设计文件审查", "住建部门", 0, _ALL, False),
    ("tender", "招标方案核准", "发改部门", 0, _GOV, False),
    ("quality", "质量安全监督手续", "住建／交通／水利部门", 0, _ALL, False),
)


def load_item_kinds() -> None:
    """Add the items that are missing; those that are there stay as the commission has set them."""
    ItemKind.objects.bulk_create(
        [
            ItemKind(
                code=code, name=name, authority=authority, validity_months=months or None, applies_to=applies,
                required=required, order=order, valid_from=FIRST_MONTH,
            )
            for order, (code, name, authority, months, applies, required) in enumerate(ITEM_KINDS, start=1)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
