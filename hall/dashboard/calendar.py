"""The page on which managers tell the forecast of days out of the ordinary. Changes go to the API."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask_babel import format_date, gettext

from hall.core.errors import Invalid
from hall.dashboard import weeks
from hall.dashboard.views import MANAGERS, blueprint
from hall.dashboard.words import DAY_WORDS
from hall.desk import told
from hall.front import speech
from hall.front.door import needs
from hall.front.staff import frame, moment
from hall.store import calendar as kept
from hall.store import overview, slots
from scheduler.published import CHINA, published

YEARS = range(1970, 2200)


@blueprint.get("/h/<hall>/manage/calendar")
@needs(*MANAGERS)
def calendar(hall: str) -> str:
    """Eight weeks, from this one unless asked for others, and the form that adds to them."""
    with moment(hall) as at:
        first = weeks.monday(_asked() or at.day)
        last, services = weeks.last_shown(first), overview.services(at)
        known = published(at.hall.zone, first, last)
        entries = kept.entries(at.session, hall, first, last)
        return render_template(
            "dashboard/calendar.html", first=first, last=last, today=at.day,
            stranded=slots.stranded(at.session, at.hall, max(first, at.day), last),
            weeks=weeks.grid(first, at.day, known, entries, at.hall.settings),
            entries=sorted(entries, key=lambda entry: (entry.first_day, -entry.version)),
            years=weeks.unconfirmed_years(first, at.day, known), is_published=at.hall.zone in CHINA,
            earlier=first - timedelta(weeks=weeks.WEEKS), later=last + timedelta(days=1),
            words=DAY_WORDS, as_told=told.calendar_entry, short=_short, weekday=_weekday,
            name_of_services={id_: speech.name(row) for id_, row in services.items()},
            **frame(at, services),
        )  # fmt: skip


def _asked() -> date | None:
    text = request.args.get("from")
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is not None and found.year not in YEARS:
        raise Invalid("/from", field="from", allowed=f"2026-03-02, {YEARS[0]} … {YEARS[-1]}")
    return found


def _short(day: date) -> str:
    # A pattern of dates is a text of its own: Chinese puts the month first and names no word for it.
    return format_date(day, gettext("d MMM"))


def _weekday(day: date) -> str:
    return format_date(day, "EEE")
