"""The demo's hall: a district service hall of 36 windows, as a hall file.

Sizes, shares and handling times are those that DOMAIN.md §H takes from published halls; the split of a
group into its services, and every name, is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

HALL = "district"
ZONE = "Asia/Shanghai"
HOURS = "08:30-12:00, 13:30-17:30"
SHIFT = "08:20-17:40"
TICKETS_A_DAY = 1000  # on a plain weekday (DOMAIN.md §H)

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("敏", "伟", "芳", "洋", "静", "磊", "娜", "强", "丽", "军", "婷", "涛")


@dataclass(frozen=True, slots=True)
class Matter:
    """One service: its share of the day's tickets and its mean handling time."""

    id: str
    zh: str
    en: str
    share: float
    handling_min: float
    quota: int = 2


@dataclass(frozen=True, slots=True)
class Group:
    """One group of services, and how many windows are its own."""

    id: str
    zh: str
    en: str
    windows: int
    matters: tuple[Matter, ...]


GROUPS = (
    Group("social", "社保医保", "Social and medical insurance", 5, (
        Matter("pension", "养老保险", "Pension", 0.13, 7.5, 3),
        Matter("medical", "医疗保险", "Medical insurance", 0.12, 7.0, 3),
        Matter("card", "社保卡", "Social security card", 0.05, 8.5),
    )),
    Group("household", "户政出入境", "Household and exit-entry", 4, (
        Matter("identity", "身份证户口簿", "Identity card and register", 0.11, 9.0),
        Matter("passport", "出入境证件", "Passports and permits", 0.07, 9.0),
    )),
    Group("estate", "不动产", "Real estate", 6, (
        Matter("title", "不动产登记", "Property title", 0.09, 23.0),
        Matter("mortgage", "抵押登记", "Mortgages", 0.05, 20.0),
    )),
    Group("tax", "税务", "Tax", 3, (
        Matter("taxreturn", "申报缴税", "Returns and payment", 0.08, 11.0),
        Matter("invoice", "发票业务", "Invoices", 0.04, 11.0),
    )),
    Group("business", "企业登记", "Business registration", 4, (
        Matter("startup", "企业开办", "Starting a business", 0.06, 18.0),
        Matter("licence", "变更许可", "Changes and licences", 0.04, 15.5),
    )),
    Group("fund", "公积金", "Housing fund", 2, (
        Matter("withdrawal", "公积金提取", "Withdrawals", 0.05, 9.5),
        Matter("loan", "公积金贷款", "Loans", 0.03, 11.0),
    )),
    Group("welfare", "民生服务", "Welfare and education", 2, (
        Matter("benefits", "民政残联", "Benefits", 0.05, 10.0),
        Matter("schooling", "教育入学", "Schooling", 0.03, 10.0),
    )),
)  # fmt: skip

# What the ten tidal windows reach: three groups each, so that every group can be lent to and from.
TIDAL = (
    ("social", "household", "fund"), ("social", "tax", "welfare"), ("estate", "tax", "business"),
    ("estate", "fund", "social"), ("household", "welfare", "social"), ("estate", "business", "tax"),
    ("social", "household", "tax"), ("estate", "fund", "welfare"), ("household", "social", "business"),
    ("estate", "tax", "social"),
)  # fmt: skip
MATTERS = tuple(matter for group in GROUPS for matter in group.matters)


def hall_file() -> str:
    """The hall as the text that `tidehall init` reads."""
    return yaml.safe_dump(_document(), allow_unicode=True, sort_keys=False)


def _document() -> dict[str, Any]:
    return {
        "hall": {
            "id": HALL,
            "name": {"zh": "滨江区政务服务大厅", "en": "Riverside District Service Hall"},
            "zone": ZONE,
        },
        "hours": {"mon-fri": HOURS},
        "families": [{"id": g.id, "name": {"zh": g.zh, "en": g.en}} for g in GROUPS],
        "services": [_service(group, index) for group in GROUPS for index in range(len(group.matters))],
        "windows": _windows(),
        "clerks": _clerks(),
        "bookings": {"slot_min": 30, "days_ahead": 5, "late_min": 15, "quotas": "tidal"},
        "rules": {"setup_min": 4, "move_min": 3, "min_dwell_min": 20, "max_families": 2, "max_flips": 6},
    }


def _service(group: Group, index: int) -> dict[str, Any]:
    matter = group.matters[index]
    return {
        "id": matter.id, "family": group.id, "name": {"zh": matter.zh, "en": matter.en},
        "prefix": chr(ord("A") + MATTERS.index(matter)), "handling_min": matter.handling_min, "scv": 0.36,
        "promise_min": 30 if group.id == "estate" else 20, "floor": 1, "quota": matter.quota,
    }  # fmt: skip


def _windows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for group in GROUPS:
        for _ in range(group.windows):
            rows.append(_window(len(rows), can=[group.id], fixed=[group.id]))
    for reach in TIDAL:
        rows.append(_window(len(rows), can=list(reach), tidal=True))
    return rows


def _window(index: int, **more: Any) -> dict[str, Any]:
    return {"id": f"W{index + 1:02d}", "label": str(index + 1), **more}


def _clerks() -> list[dict[str, Any]]:
    """A clerk for each window, authorised for what it reaches; those of own windows for one group more."""
    rows = []
    for index, window in enumerate(_windows()):
        known = list(window["can"])
        if not window.get("tidal"):
            known.append(GROUPS[(index * 3 + 1) % len(GROUPS)].id)
        rows.append(
            {
                "id": f"c{index + 1:02d}", "name": SURNAMES[index % 30] + GIVEN[index % 12],
                "home": window["id"], "shift": SHIFT,
                "skills": {family: round(0.9 + 0.05 * ((index * 7 + n) % 5), 2)
                           for n, family in enumerate(dict.fromkeys(known))},
                "breaks": [{"earliest": "11:50", "latest": "12:20", "minutes": 60}],
            }
        )  # fmt: skip
    return rows
