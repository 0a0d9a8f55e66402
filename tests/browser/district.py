"""A hall as large as a district's, in a busy hour: what screens must hold without a scroll bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hall.core.people import WORKER
from hall.desk import plans
from hall.store.tables import Family, Hall, Service, Skill, Window
from tests.builders import HALL, MANAGER
from tests.plans import plan_with_flip
from tests.web.served import Site, served

FAMILIES = {
    "social": ("社保医保", "Social insurance"), "police": ("户政出入境", "Identity and travel"),
    "estate": ("不动产", "Real estate"), "tax": ("税务", "Tax"), "business": ("企业开办", "Business"),
    "fund": ("公积金", "Housing fund"), "people": ("民生服务", "Everyday life"),
}  # fmt: skip
SERVICES = {
    "pension": ("social", "养老保险", "Pension"), "medical": ("social", "医疗保险", "Medical insurance"),
    "card": ("social", "社保卡", "Social security card"),
    "identity": ("police", "身份证户口簿", "Identity card and register"),
    "passport": ("police", "出入境证件", "Passports and permits"),
    "title": ("estate", "不动产登记", "Property title"), "mortgage": ("estate", "抵押登记", "Mortgages"),
    "returns": ("tax", "申报缴税", "Returns and payment"), "invoice": ("tax", "发票业务", "Invoices"),
    "startup": ("business", "企业开办", "Starting a business"),
    "licence": ("business", "变更许可", "Changes and licences"),
    "withdrawal": ("fund", "公积金提取", "Withdrawals"), "loan": ("fund", "公积金贷款", "Loans"),
    "benefits": ("people", "民政残联", "Benefits"), "schooling": ("people", "教育入学", "Schooling"),
}  # fmt: skip
WINDOWS = 36
FIRST_TIDAL = 27  # windows from here on are tidal
SHUT, CAPPED = "loan", "schooling"  # one service with hours of its own, one with a daily cap


@contextmanager
def district(url: str) -> Iterator[Site]:
    """The hall at half past nine: clerks at most windows, lines of different length, one flip announced."""
    families = {service: family for service, (family, _, _) in SERVICES.items()}
    with served(url, services=families, windows=WINDOWS) as site:
        _name(site)
        _sit_down(site)
        _fill(site)
        _announce(site)
        yield site


def _name(site: Site) -> None:
    with site.world.db.change() as session:
        hall = session.get_one(Hall, HALL)
        hall.name_zh, hall.name_en = "滨江区政务服务大厅", "Binjiang District Service Hall"
        for id_, (zh, en) in FAMILIES.items():
            family = session.get_one(Family, (HALL, id_))
            family.name_zh, family.name_en = zh, en
        for id_, (_, zh, en) in SERVICES.items():
            service = session.get_one(Service, (HALL, id_))
            service.name_zh, service.name_en = zh, en
        session.get_one(Service, (HALL, SHUT)).hours = [[50400, 57600]]
        session.get_one(Service, (HALL, CAPPED)).daily_cap = 2


def _sit_down(site: Site) -> None:
    """Each window serves one family, a tidal one two; a clerk who is authorised for just that sits there."""
    names = list(FAMILIES)
    with site.world.db.change() as session:
        for index in range(WINDOWS):
            clerk, window = f"c{index + 1}", f"W{index + 1:02d}"
            family = names[index % len(names)]
            is_tidal = index + 1 >= FIRST_TIDAL
            known = {family, names[(index + 3) % len(names)]} if is_tidal else {family}
            for service, (its, _, _) in SERVICES.items():
                if its not in known:
                    session.delete(session.get_one(Skill, (HALL, clerk, service)))
            row = session.get_one(Window, (HALL, window))
            row.tidal = is_tidal
            if not is_tidal:
                row.fixed_mode = sorted(service for service, (its, _, _) in SERVICES.items() if its == family)
    for index in range(WINDOWS):
        if (index + 1) % 9:
            site.world.sign_in(f"c{index + 1}", f"W{index + 1:02d}")


def _fill(site: Site) -> None:
    for service_index, service in enumerate(SERVICES):
        waiting = 2 if service == CAPPED else 0 if service == SHUT else 8 + 5 * service_index % 13
        for nth in range(waiting):
            site.world.issue(service, priority=nth == 2)
    for index in (*range(FIRST_TIDAL - 1, WINDOWS), *range(20)):
        if (index + 1) % 9:
            site.world.clock.forward(seconds=40)
            site.world.call(f"c{index + 1}", f"W{index + 1:02d}")


def _announce(site: Site) -> None:
    giver, receiver = ["card", "medical", "pension"], ["mortgage", "title"]
    plan = plan_with_flip("W29", giver, receiver, at_s=37800, clerk="c29")
    with site.world.db.change() as session:
        for service in receiver:
            session.add(Skill(hall_id=HALL, clerk_id="c29", service_id=service, pace=1.0))
    made = site.world.do(lambda c: plans.propose(c, plan), WORKER)
    site.world.do(lambda c: plans.approve(c, made.id), MANAGER)
