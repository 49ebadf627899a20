"""The categories of problems that every installation starts with (facts.md §6.1)."""

from __future__ import annotations

from ningde_projects.organizations.basics import MUNICIPAL, city_offices
from ningde_projects.organizations.models import Organisation
from ningde_projects.periods.month import Month

from .models import Category

#: The month in which the notice came into force.
FIRST_MONTH = Month(2023, 11)

#: code, name, what belongs here, key of the municipal department that usually decides ("" = the industry's).
#: 01–03 come first because measure 9 names them; the departments are our pairing, a setting.
CATEGORIES: tuple[tuple[str, str, str, str], ...] = (
    ("01", "安征迁", "征地、拆迁、安置、迁坟、杆线迁改", ""),
    ("02", "筹融资", "资本金、专项债、贷款、上级资金到位", "czj"),
    ("03", "用林用地报批", "用地预审、农转用、供地、使用林地", "zrj"),
    ("04", "用海用岛报批", "海域使用、无居民海岛使用", "hyj"),
    ("05", "前期报批", "立项、可研、初设、环评、能评、水保、规划、施工许可", ""),
    ("06", "施工建设", "施工组织、阻工、材料、设计变更、招投标、施工单位履约", ""),
    ("07", "市政配套", "水电气路、雨污、进场道路、管线迁改", "zjj"),
    ("08", "企业自身", "业主投资意愿、市场、股权", ""),
    ("09", "政策规划调整", "规划、红线、生态、文物、军事", "zrj"),
    ("99", "其他", "不属于以上各类的问题", ""),
)


def load_categories() -> None:
    """Add the categories that are missing; those that are there stay as the commission has set them."""
    names = {office.key: office.name for office in city_offices()}
    departments = dict(Organisation.objects.filter(place__code=MUNICIPAL).values_list("name", "pk"))
    Category.objects.bulk_create(
        [
            Category(
                code=code,
                name=name,
                help=help_text,
                factor_department_id=departments.get(names[key]) if key else None,
                order=order,
                valid_from=FIRST_MONTH,
            )
            for order, (code, name, help_text, key) in enumerate(CATEGORIES, start=1)
        ],
        ignore_conflicts=True,
    )
