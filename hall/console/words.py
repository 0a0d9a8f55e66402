"""The console's words for states and reasons; msgids of the catalogue, translated when drawn."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

WORDS = {
    "state_words": {
        "closed": _("closed"),
        "open": _("open"),
        "setup": _("setting up"),
        "paused": _("paused"),
    },
    "why_words": {
        "order": _("longest in line"),
        "priority": _("priority"),
        "bound": _("their turn: priority may not overtake any further"),
        "booked": _("booked for this time"),
        "early": _("booked for later, nobody else is waiting"),
        "returned": _("back from hold"),
        "kept": _("transferred, kept the place"),
        "reactivated": _("came back after being passed over"),
    },
    "pause_words": {
        "break": _("Break"),
        "papers": _("Paperwork"),
        "meeting": _("Meeting"),
        "equipment": _("Equipment"),
        "other": _("Other"),
    },
    "hold_words": {
        "papers": _("Fetching papers"),
        "payment": _("Paying or copying"),
        "check": _("Waiting for a check"),
        "other": _("Other"),
    },
}
