"""The answers of the API as JSON Schema, by name (contracts/README.md §4)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": sorted(required), "properties": properties}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


TICKET_STATE: Schema = {
    "type": "string",
    "enum": ["waiting", "called", "serving", "passed", "held", "done", "no_show", "cancelled", "expired"],
}
WINDOW_STATE: Schema = {"type": "string", "enum": ["closed", "open", "setup", "paused"]}
WAIT = _object({"low_s": WHOLE, "high_s": WHOLE})
NEXT = _or_null(_object({"mode": TEXTS, "at": TIME}))
REFUSED = _or_null(_object({"code": TEXT, "hours": _or_null(TEXT)}))
LATER = _object({"at": TIME, "low_s": WHOLE, "high_s": WHOLE, "typical_s": WHOLE})
CLASS: Schema = {"type": "string", "enum": ["normal", "priority"]}
_TICKET: Schema = {"id": TEXT, "number": TEXT, "service": TEXT, "state": TICKET_STATE}
_TURN: Schema = {**_TICKET, "class": CLASS, "issued_at": TIME}

_HALL_CALL = _object({"id": TEXT, "number": TEXT, "window": TEXT, "at": TIME}, {"label": TEXT})
_LINE = _object(
    {"service": TEXT, "waiting": WHOLE, "low_s": WHOLE, "high_s": WHOLE}, {"name_zh": TEXT, "name_en": TEXT}
)
_SIGN = _object(
    {"id": TEXT, "state": WINDOW_STATE, "mode": TEXTS, "next": NEXT},
    {"label": TEXT, "tidal": FLAG, "number": _or_null(TEXT)},
)
_WINDOW_CALL = _object({"id": TEXT, "number": TEXT, "at": TIME}, {"state": TICKET_STATE})

DAY: Schema = {"type": "string", "format": "date"}
DAY_KIND: Schema = {"type": "string", "enum": ["workday", "restday", "holiday", "half", "event"]}
_ENTRY = _object(
    {
        "id": TEXT, "from": DAY, "to": DAY, "kind": DAY_KIND, "open_s": _or_null(WHOLE),
        "close_s": _or_null(WHOLE), "factor": _or_null({"type": "number"}), "services": TEXTS,
        "note": _or_null(TEXT),
    }
)  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Error": _object({"error": _object({"code": TEXT, "message": TEXT}, {"path": TEXT})}),
    "Issued": _object({"ticket": _object({**_TURN, "ahead": WHOLE, "wait": WAIT})}),
    "Turn": _object(
        {
            "ticket": _object(
                {**_TURN, "ahead": _or_null(WHOLE), "wait": _or_null(WAIT)},
                {"window": _or_null(TEXT), "for_window": _or_null(TEXT)},
            )
        }
    ),
    "Ticket": _object(
        {"ticket": _object(_TICKET, {"window": _or_null(TEXT), "for_window": _or_null(TEXT)})}
    ),
    "Called": _object(
        {
            "call": _object(
                {"id": TEXT, "ticket": TEXT, "window": TEXT, "reason": TEXT},
                {"number": TEXT, "service": TEXT, "overtakes": WHOLE, "lets_in": WHOLE, "at": TIME},
            )
        }
    ),
    "Window": _object(
        {
            "window": _object(
                {"id": TEXT, "state": WINDOW_STATE, "mode": TEXTS},
                {"clerk": _or_null(TEXT), "reason": _or_null(TEXT), "until": _or_null(TIME)},
            )
        }
    ),
    "Absence": _object(
        {"clerk": _object({"id": TEXT, "absent": FLAG, "day": {"type": "string", "format": "date"}})}
    ),
    "Services": _object(
        {
            "services": _list(
                _object(
                    {
                        "id": TEXT, "family": TEXT, "prefix": TEXT, "name_zh": TEXT, "name_en": TEXT,
                        "open": FLAG, "refused": REFUSED, "bookable": FLAG, "waiting": WHOLE, "wait": WAIT,
                    }
                )
            )
        }
    ),
    "Slots": _object({"slots": _list(_object({"at": TIME, "quota": WHOLE, "free": WHOLE}))}),
    "Quieter": _object(
        {
            "as_of": _or_null(TIME), "shut": FLAG, "hall": _list(LATER),
            "services": _list(
                _object(
                    {
                        "service": TEXT, "name_zh": TEXT, "name_en": TEXT, "waiting": WHOLE, "wait": WAIT,
                        "later": _list(LATER), "ahead": _list(LATER), "quieter": _or_null(LATER),
                    }
                )
            ),
        }
    ),
    "Booked": _object(
        {"booking": _object({"id": TEXT, "code": TEXT, "service": TEXT, "at": TIME, "state": TEXT})}
    ),
    "Plan": _object(
        {
            "id": TEXT, "made_at": TIME, "plan": {"type": "object", "description": "tidehall.plan/1"},
            "state": {
                "type": "string", "enum": ["proposed", "in_force", "superseded", "refused", "undone"],
            },
        }
    ),
    "Plans": _list(_ref("Plan")),
    "PlanMode": _object({"plan_mode": {"type": "string", "enum": ["advise", "approve", "auto"]}}),
    "Pin": _object({"pin": _object({"window": TEXT, "mode": TEXTS, "until": TIME})}),
    "CalendarEntry": _object({"entry": _ENTRY}),
    "Calendar": _object(
        {
            "from": DAY, "to": DAY, "published": _list(_object({"day": DAY, "kind": DAY_KIND})),
            "published_until": _or_null(DAY), "entries": _list(_ENTRY),
        }
    ),
    "HallBoard": _object(
        {"calls": _list(_HALL_CALL), "lines": _list(_LINE), "windows": _list(_SIGN)},
        {"hall": {"type": "object"}},
    ),
    "WindowBoard": _object(
        {
            "call": _or_null(_WINDOW_CALL), "state": WINDOW_STATE, "mode": TEXTS, "tidal": FLAG,
            "next": NEXT,
        },
        {
            "id": TEXT, "label": TEXT, "until": _or_null(TIME), "services": _list({"type": "object"}),
            "hall": {"type": "object"},
        },
    ),
    "Board": _object(
        {
            "name": TEXT, "version": WHOLE, "board": {"anyOf": [_ref("HallBoard"), _ref("WindowBoard")]},
        }
    ),
}  # fmt: skip
