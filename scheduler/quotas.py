"""Quotas 号源: how many bookings each slot of a service may take, so that bookings fill the quiet slots
and leave the peak to whoever walks in. Figures in, figures out; who books is the desk's part.

For each slot, with all of it counted in visits:

    can   = FILL · clerks' time for the service / mean handling time
    come  = walk-ins expected, and those left over from the slots before
    made  = bookings made already
    kept  = the larger of walk_in_share · can and come
    quota = whole part of can - kept, never below 0

The slots before leave over what they could not serve of `come` and `made`. Bookings add to it only where a
quota has fallen below what is booked: else they never take more than is left. The kept share is DOMAIN.md
§B: bookings are 5-15 % at launch and 30-50 % as a goal, and booking must never be the only door. Those who
book are no longer counted as walk-ins, so quotas grow by themselves as people move from the line to bookings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor

from hall.core.hall import WALK_IN_SHARE
from hall.core.names import ServiceId
from scheduler.plan import Plan, Post
from scheduler.snapshot import Snapshot

FILL = 0.9  # of clerks' time is promised: in a line planned to the brim chance waits grow without bound
_ROUNDING = 1e-9  # 3.0 made of tenths must not count as 2

Span = tuple[int, int]  # [from, to) in seconds since midnight


def quotas(
    walk_ins: Sequence[float],
    clerk_s: Sequence[float],
    service_s: float,
    walk_in_share: float = WALK_IN_SHARE,
    booked: Sequence[int] = (),
) -> tuple[int, ...]:
    """Bookings that each slot of one service may take.

    `walk_ins` expected, `clerk_s` seconds of clerks' time at pace 1 and bookings made already (none where
    not given), per slot; `service_s` is the mean handling time. More clerks' time anywhere never takes a
    place away.
    """
    left_over = 0.0
    found = []
    for walk_in, seconds, made in zip(walk_ins, clerk_s, booked or [0] * len(walk_ins), strict=True):
        can = FILL * seconds / service_s
        come = left_over + walk_in
        found.append(max(0, floor(can - max(walk_in_share * can, come) + _ROUNDING)))
        left_over = max(0.0, come + made - can)
    return tuple(found)


def clerk_time(
    snapshot: Snapshot, plan: Plan, people: Mapping[ServiceId, Sequence[float]], spans: Sequence[Span]
) -> dict[ServiceId, tuple[float, ...]]:
    """Seconds of clerks' time at pace 1 that a plan's posts give each service in each span.

    A plan may be a little older than the snapshot: what the hall no longer has counts for nothing.
    A clerk's time goes to the services of the mode by the work that `people` (walk-ins and booked,
    per span) bring, as first come first served shares it in the mean.
    """
    work_s = {s.id: [n * s.service_s for n in people[s.id]] for s in snapshot.services}
    pace = {clerk.id: clerk.pace for clerk in snapshot.clerks}
    given = {s.id: [0.0] * len(spans) for s in snapshot.services}
    for post in plan.posts:
        for index, (from_s, to_s) in enumerate(spans):
            there_s = max(0, min(post.to_s, to_s) - max(post.from_s, from_s))
            for service, share in _shares(post, work_s, index).items():
                given[service][index] += there_s * share * pace.get(post.clerk, {}).get(service, 0.0)
    return {service: tuple(seconds) for service, seconds in given.items()}


def _shares(post: Post, work_s: Mapping[ServiceId, Sequence[float]], index: int) -> dict[ServiceId, float]:
    # One second more than the work: a line that nobody is expected in still has an equal part.
    wishes = {service: work_s[service][index] + 1.0 for service in post.mode if service in work_s}
    total = sum(wishes.values())
    return {service: wish / total for service, wish in wishes.items()}
