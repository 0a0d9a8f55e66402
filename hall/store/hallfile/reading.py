"""Reads a hall file into a HallFile: every section by its table of fields, then the references."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hall.core.days import Interval
from hall.core.hall import PlanMode, Settings
from hall.core.window import Skill
from hall.store.hallfile import checks, kinds
from hall.store.hallfile.marked import HallFileError, Notes, Spot, did_you_mean, root_of, text_of
from hall.store.hallfile.sections import (
    BREAK,
    CLERK,
    FAMILY,
    FILE,
    HALL,
    RULES_OF,
    SERVICE,
    SKILL,
    WINDOW,
    Break,
    ClerkEntry,
    FamilyEntry,
    Field,
    Fields,
    HallFile,
    Parts,
    ServiceEntry,
    WindowEntry,
)

Values = dict[str, Any]
Item = tuple[Spot, Values]


def load(path: Path, today: date) -> HallFile:
    """The hall of a file. Raises HallFileError with all faults at once. `today` judges expiry dates."""
    return parse(text_of(path), today)


def parse(text: str, today: date) -> HallFile:
    """The hall of a text. Raises HallFileError with all faults at once."""
    notes = Notes()
    top = read(root_of(text, notes), FILE)
    hall = read(top["hall"], HALL) if top["hall"] else {}
    settings = _settings(top, hall)
    parts = _parts(top)
    checks.check(parts, settings.plan.max_families if settings else None, today)
    if notes.faults or settings is None:
        raise HallFileError(set(notes.faults))
    return HallFile(hall["id"], hall["name"], hall["zone"], settings, parts, tuple(notes.warnings))


def read(spot: Spot, fields: Fields) -> Values:
    """The values of a section by its table; faulty and missing ones are None after a fault."""
    entries = spot.entries(", ".join(fields))
    kinds.refuse_unknown(entries, fields)
    return {field.into or name: _value(spot, name, field, entries) for name, field in fields.items()}


class Known:
    """The ids that windows and clerks may name: services, and families standing for all of theirs.

    Taken from every readable id, so that one fault in a service is not told again at each window.
    """

    def __init__(self, families: Iterable[Item], services: Collection[Item]) -> None:
        self.of_word: dict[str, tuple[str, ...]] = {v["id"]: (v["id"],) for _, v in services if v["id"]}
        for _, family in families:
            members = (v["id"] for _, v in services if v["family"] == family["id"] and v["id"])
            self.of_word[family["id"]] = tuple(members)

    def services(self, spots: Iterable[Spot]) -> tuple[str, ...]:
        """The services these words stand for, each once; an unknown word is a fault."""
        found: dict[str, None] = {}
        for spot in spots:
            name = spot.text("a service or family") or ""
            if name not in self.of_word:
                spot.wrong(f"there is no service or family “{name}”. {did_you_mean(name, self.of_word)}")
            found.update(dict.fromkeys(self.of_word.get(name, ())))
        return tuple(found)


def _parts(top: Values) -> Parts:
    families, services = _listed(top["families"], FAMILY), _listed(top["services"], SERVICE)
    windows, clerks = _listed(top["windows"], WINDOW), _listed(top["clerks"], CLERK)
    known = Known(families, services)
    window_ids = {values["id"] for _, values in windows if values["id"]}
    return Parts(
        tuple(FamilyEntry(spot, **values) for spot, values in _complete(families, FAMILY)),
        tuple(ServiceEntry(spot, **values) for spot, values in _complete(services, SERVICE)),
        tuple(_window(spot, values, known) for spot, values in _complete(windows, WINDOW)),
        tuple(_clerk(spot, values, known, window_ids) for spot, values in _complete(clerks, CLERK)),
        frozenset(values["id"] for _, values in families if values["id"]),
    )


def _value(spot: Spot, name: str, field: Field, entries: dict[str, tuple[Spot, Spot]]) -> Any:
    if name in entries and not entries[name][1].is_empty:
        return field.read(entries[name][1])
    if field.required and spot.is_mapping:
        spot.wrong(f"“{name}” is missing")
    return field.default


def _listed(spot: Spot | None, fields: Fields) -> list[Item]:
    """The members of a list of sections; a fault leaves None in its field."""
    if spot is None:
        return []
    items = spot.items("a list; each member begins with “- ”")
    if spot.is_list and not items:
        spot.wrong("an empty list. At least one is needed")
    return [(item, read(item, fields)) for item in items]


def _complete(items: Iterable[Item], fields: Fields) -> list[Item]:
    must = [field.into or name for name, field in fields.items() if field.required]
    return [(spot, values) for spot, values in items if all(values[name] is not None for name in must)]


def _settings(top: Values, hall: Values) -> Settings | None:
    rules: Values = {name: _rules(top[name], name) for name in RULES_OF}
    extra = _extra(top["extra"])
    if top["hours"] is None or hall.get("plan_mode") is None or top["closed"] is None:
        return None
    return Settings(
        hours=tuple(top["hours"].get(weekday, ()) for weekday in range(7)),
        closed=tuple(day.isoformat() for day in top["closed"]),
        extra=extra,
        line=rules["lines"],
        booking=rules["bookings"],
        plan=rules["rules"],
        plan_mode=PlanMode(hall["plan_mode"]),
        public_screens=bool(hall["public_screens"]),
    )


def _rules(spot: Spot | None, section: str) -> Any:
    """One of the three sets of rules; what is left out keeps the hall's usual value."""
    table, kind = RULES_OF[section]
    if spot is None:
        return kind()
    entries = spot.entries(", ".join(table))
    kinds.refuse_unknown(entries, table)
    values: Values = {}
    for name, (attribute, reader) in table.items():
        if name not in entries:
            continue
        value = entries[name][1]
        if name == "max_flips" and value.is_plain and value.text("a number") == "none":
            values[attribute] = None
        else:
            values[attribute] = reader(value)
    return kind(**values)


def _extra(spot: Spot | None) -> dict[str, tuple[Interval, ...]]:
    found: dict[str, tuple[Interval, ...]] = {}
    for key_spot, value in (spot.entries("lines such as “2026-10-10: 09:00-12:00”") if spot else {}).values():
        day = kinds.day(key_spot)
        hours = kinds.hours(value)
        if day is not None and hours is not None:
            found[day.isoformat()] = hours
    return found


def _window(spot: Spot, values: Values, known: Known) -> WindowEntry:
    can = known.services(values["can"])
    fixed = known.services(values["fixed"] or ())
    if bool(values["tidal"]) == bool(values["fixed"]):
        spot.wrong("Allowed: either “tidal: true”, or “fixed: [services it always offers]”")
    for service in fixed:
        if service not in can:
            spot.wrong(f"fixed names “{service}”, which is not in can")
    return WindowEntry(spot, values["id"], values["label"] or values["id"], bool(values["tidal"]), can, fixed)


def _clerk(spot: Spot, values: Values, known: Known, windows: Collection[str]) -> ClerkEntry:
    return ClerkEntry(
        spot, values["id"], values["name"], _home(values["home"], windows),
        _skills(values["skills"], known), _shifts(values["shift"]), _breaks(values["breaks"]),
    )  # fmt: skip


def _home(spot: Spot | None, windows: Collection[str]) -> str | None:
    found = kinds.word(spot) if spot else None
    if spot and found and found not in windows:
        spot.wrong(f"there is no window “{found}”. {did_you_mean(found, windows)}")
    return found


def _skills(spot: Spot, known: Known) -> dict[str, Skill]:
    """A list of ids (pace 1), or id -> pace, or id -> {pace, until}."""
    if spot.is_list:
        return dict.fromkeys(known.services(spot.items("ids")), Skill())
    found: dict[str, Skill] = {}
    for key_spot, value in spot.entries("[ids], or lines such as “pension: 1.1”").values():
        if value.is_plain:
            skill = Skill(kinds.number(value, 0.2, 5) or 1.0)
        else:
            values = read(value, SKILL)
            skill = Skill(values["pace"] or 1.0, values["until"])
        found.update(dict.fromkeys(known.services([key_spot]), skill))
    return found


def _shifts(spot: Spot) -> dict[int, Interval]:
    """One interval for Monday to Friday, or weekday -> interval."""
    if spot.is_plain:
        every_day = kinds.span(spot)
        return dict.fromkeys(range(5), every_day) if every_day else {}
    return kinds.week(spot, kinds.span) or {}


def _breaks(spots: Iterable[Spot]) -> tuple[Break, ...]:
    found = []
    for spot in spots:
        values = read(spot, BREAK)
        if all(value is not None for value in values.values()):
            found.append(Break(values["earliest"], values["latest"], values["minutes"]))
    return tuple(found)
