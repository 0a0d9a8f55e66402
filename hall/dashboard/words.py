"""The dashboard's words for states, decisions and who decides; msgids, translated when drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _

WORDS = {
    "state_words": {
        "closed": _("closed"),
        "open": _("open"),
        "setup": _("setting up"),
        "paused": _("paused"),
    },
    "status_words": {
        "optimal": _("best plan found"),
        "feasible": _("good plan, stopped by the time limit"),
        "fallback": _("made by the simple fallback rule"),
    },
    "mode_words": {
        "advise": _("Advice only"),
        "approve": _("I approve"),
        "auto": _("Automatic"),
    },
    "mode_notes": {
        "advise": _("Plans are shown; windows change only by a pin."),
        "approve": _("No flip without your yes; no answer means no change."),
        "auto": _("Flips are applied by themselves, inside the rules."),
    },
    "decision_words": {
        "approved": _("approved"),
        "refused": _("refused"),
        "undone": _("taken back"),
        "in_force": _("applied by itself"),
    },
}


DAY_WORDS = {
    "workday": _("make-up workday"),
    "restday": _("day off"),
    "holiday": _("public holiday"),
    "half": _("half day"),
    "event": _("known event"),
}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A plan's sentence with the hall's names in place of ids: the scheduler knows only these.

    An id counts where no other letter or digit of an id touches it (Chinese runs on without spaces), and
    where it is no number of the sentence's own: an hour, so many people, minutes, times, lines or per cent.
    """
    if not names:
        return text
    ids = "|".join(re.escape(id_) for id_ in sorted(names, key=len, reverse=True))
    return re.sub(rf"{BEFORE}(?:{ids}){AFTER}", lambda found: names[found[0]], text)


BEFORE = (
    r"(?<![A-Za-z0-9_-])(?<!\d[:.])(?<!about )(?<!some )(?<!only )(?<!its )(?<!the )(?<!and )(?<!others )"
)
AFTER = (
    r"(?![A-Za-z0-9_-])(?![:.]\d)(?! (?:waiting|minutes?|more|others?|flips?|windows?)\b)(?! ?%)"
    r"(?!人|分钟|次|项|个窗口|个)"
)
