"""The stage of a rehearsal: people, clerks with their hours and breaks, and the posts under trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hall.core.names import ClerkId
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.decision import BreakStarts
from scheduler.draft.fullness import rehearsed
from scheduler.draft.outlook import Outlook
from scheduler.model.lineup.people import People
from scheduler.model.lineup.rehearsal import NEVER, Floats, Ints, rehearse
from scheduler.snapshot import Clerk, Mode

BEYOND, TWICE = 0.5, 1.0  # a second beyond the promise, and beyond twice it, counts so much more
LEAST_LEFT = 0.25  # of the mean: what is left of a case that took longer already
THREADS = 2  # days are shared out; the sum does not depend on it

Setting = tuple[object, ...]  # arguments of a rehearsal


class Stage:
    """`costs` rehearses on chosen days what was `set`.

    Clerks on a break take part with what they come back to.
    """

    def __init__(self, book: Rulebook, look: Outlook, people: People) -> None:
        self.book, self.look, self.people = book, look, people
        seen = book.snapshot
        self.staff = rehearsed(seen)
        self.number = {c.id: i for i, c in enumerate(self.staff)}
        families = {f: i for i, f in enumerate(dict.fromkeys(s.family for s in seen.services))}
        self._family = np.array([families[s.family] for s in seen.services])
        self._pace = np.array([[c.pace.get(s, 1.0) for s in look.ids] for c in self.staff], dtype=float)
        self._rests = max((len(c.breaks) for c in self.staff), default=0)
        self._pool = ThreadPoolExecutor(THREADS)

    def close(self) -> None:
        """Let the threads go; a stream of many snapshots would gather them."""
        self._pool.shutdown()

    def set(self, posts: Mapping[ClerkId, Posting], breaks: BreakStarts) -> Setting:
        """Posts and breaks as `costs` takes them."""
        seen, people, look = self.book.snapshot, self.people, self.look
        modes = [self._mode(clerk, posts) for clerk in self.staff]
        mode, able, able_count = self._offers(modes)
        rest_at, rest_len = self._rest_times(breaks)
        return (
            people.first, people.place, people.service, people.work, people.leaves, self._family,
            mode, able, able_count, self._pace,
            np.array([self._ready_s(c, posts) for c in self.staff], dtype=float), rest_at, rest_len,
            np.array([float(c.end_s) for c in self.staff]), float(seen.close_s),
            float(seen.rules.changeover_s), look.target_s, look.weight, BEYOND, TWICE,
        )  # fmt: skip

    def costs(self, setting: Setting, days: Iterable[int]) -> Floats:
        """The cost of each of these days."""
        chosen = np.fromiter(days, dtype=np.int64)
        out = np.zeros(self.people.days)
        parts = [part for part in np.array_split(chosen, THREADS) if len(part)]
        list(self._pool.map(lambda part: rehearse(*setting, part, out), parts))
        found: Floats = out[chosen]
        return found

    def _mode(self, clerk: Clerk, posts: Mapping[ClerkId, Posting]) -> Mode:
        if clerk.id in posts:
            return posts[clerk.id][1]
        taken = any(clerk.window == window for window, _ in posts.values())
        return () if clerk.is_at_work or taken else clerk.mode

    def _offers(self, modes: list[Mode]) -> tuple[Ints, Ints, Ints]:
        services, clerks = len(self.look.ids), len(self.staff)
        mode = np.zeros((clerks, services + 1), dtype=np.int64)
        able = np.zeros((services, clerks), dtype=np.int64)
        count = np.zeros(services, dtype=np.int64)
        for c, offered in enumerate(modes):
            for k, s in enumerate(sorted(self.look.row[each] for each in offered)):
                mode[c, 0] = k + 1
                mode[c, k + 1] = s
                able[s, count[s]] = c
                count[s] += 1
        return mode, able, count

    def _rest_times(self, breaks: BreakStarts) -> tuple[Floats, Floats]:
        at = np.full((len(self.staff), self._rests), NEVER)
        length = np.zeros((len(self.staff), self._rests))
        for c, clerk in enumerate(self.staff):
            rests = sorted(
                (breaks[clerk.id, i], one.length_s)
                for i, one in enumerate(clerk.breaks)
                if (clerk.id, i) in breaks
            )
            for k, (start_s, length_s) in enumerate(rests):
                at[c, k], length[c, k] = start_s, length_s
        return at, length

    def _ready_s(self, clerk: Clerk, posts: Mapping[ClerkId, Posting]) -> float:
        """When the clerk can call in the post: after what is in hand, a walk and a set-up."""
        seen, now = self.book.snapshot, float(self.book.now_s)
        ready = max(now, float(clerk.until_s or 0), float(clerk.start_s))
        if clerk.serving is not None:
            mean_s = float(self.look.work_s[self.look.row[clerk.serving]]) / clerk.pace.get(
                clerk.serving, 1.0
            )
            ready = now + max(LEAST_LEFT * mean_s, mean_s - clerk.serving_for_s)
        if clerk.id not in posts:
            return ready
        window, mode = self.book.windows[posts[clerk.id][0]], posts[clerk.id][1]
        flips = is_flip(window, mode) or (not window.mode and now > seen.open_s)
        walks = clerk.window not in (None, window.id)
        return ready + max(seen.rules.setup_s if flips else 0.0, seen.rules.move_s if walks else 0.0)
