"""Rehearsal: sampled days served by fixed posts, compiled, a fraction of a millisecond a day.

The same first-come-first-served inside a mode as hall.core.line, without priority and early bookings: those
do not tell line-ups apart. Whoever gives up counts with the time waited.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 1e18
OVERTIME_S = 7200.0  # whoever is still there so long after closing has waited that long


def _play(winner, wake, clerk):  # type: ignore[no-untyped-def]  # compiled with its caller
    """After `wake[clerk]` has changed: who is due first, by a tournament (the lower number where two tie)."""
    node = (len(wake) + clerk) // 2
    while node > 0:
        left, right = winner[2 * node], winner[2 * node + 1]
        winner[node] = left if wake[left] <= wake[right] else right
        node //= 2


play: Callable[..., None] = njit(cache=True, nogil=True)(_play)


def _felt(waited, promise, beyond, twice):  # type: ignore[no-untyped-def]
    """A wait counts more as it grows: a second beyond the promise, or twice it, by `beyond` or `twice`."""
    return waited + beyond * max(0.0, waited - promise) + twice * max(0.0, waited - 2 * promise)


felt: Callable[..., float] = njit(cache=True, nogil=True)(_felt)


# Types of the arguments of `_rehearse`, in their order: with them numba compiles when the module is imported,
# so that no plan waits for it, and no hall's whole numbers make it compile once more.
_INTS, _FLOATS, _TABLE_OF_INTS, _TABLE = "int64[::1]", "float64[::1]", "int64[:, ::1]", "float64[:, ::1]"
_TYPES = (
    _INTS, _FLOATS, _INTS, _FLOATS, _FLOATS, _INTS, _TABLE_OF_INTS, _TABLE_OF_INTS, _INTS, _TABLE, _FLOATS,
    _TABLE, _TABLE, _FLOATS, "float64", "float64", _FLOATS, _FLOATS, "float64", "float64", _INTS, _FLOATS,
)  # fmt: skip


def _rehearse(  # type: ignore[no-untyped-def]
    first, place, service, work, leaves, family, mode, able, able_count, pace, ready, rest_at, rest_len,
    end, close, changeover, target, weight, beyond, twice, days, out,
):  # fmt: skip
    """Write each day's cost into `out`: weighted waits, as they are felt.

    `mode[c]`: number of services, then the services. `able[s]`: clerks who offer it.
    """
    clerks, services, rests = ready.shape[0], family.shape[0], rest_at.shape[1]
    size = 2
    while size < clerks:
        size *= 2
    winner = np.zeros(2 * size, np.int64)
    winner[size:] = np.arange(size)
    for d in days:
        lo, hi = first[d], first[d + 1]
        head, tail = np.full(services, -1, np.int64), np.full(services, -1, np.int64)
        behind = np.full(hi - lo, -1, np.int64)
        wake, since = np.full(size, NEVER), np.zeros(clerks)
        wake[:clerks] = ready
        for c in range(0, size, 2):
            play(winner, wake, c)
        idle, rested = np.zeros(clerks, np.bool_), np.zeros(clerks, np.int64)
        last = np.full(clerks, -1, np.int64)
        cost, waiting, i = 0.0, 0, lo
        while True:
            c = winner[1]
            now = wake[c]
            if i < hi and place[i] < now:
                s, now, chosen, longest = service[i], place[i], -1, NEVER
                for k in range(able_count[s]):
                    if idle[able[s, k]] and since[able[s, k]] < longest:
                        chosen, longest = able[s, k], since[able[s, k]]
                if chosen >= 0:
                    idle[chosen] = False
                    wake[chosen] = now + work[i] / pace[chosen, s]
                    if last[chosen] >= 0 and last[chosen] != family[s]:
                        wake[chosen] += changeover
                    last[chosen] = family[s]
                    play(winner, wake, chosen)
                else:
                    if head[s] < 0:
                        head[s] = i - lo
                    else:
                        behind[tail[s]] = i - lo
                    tail[s] = i - lo
                    waiting += 1
                i += 1
                continue
            if now >= NEVER or (now >= close and waiting == 0 and i >= hi):
                break
            if now >= end[c] and (end[c] < close or waiting == 0):
                wake[c], idle[c] = NEVER, False
                play(winner, wake, c)
                continue
            if rested[c] < rests and rest_at[c, rested[c]] <= now:
                idle[c] = False
                wake[c] = now + rest_len[c, rested[c]]
                rested[c] += 1
                play(winner, wake, c)
                continue
            chosen, s, oldest = -1, -1, NEVER
            for k in range(1, mode[c, 0] + 1):
                line = mode[c, k]
                j = head[line]
                while j >= 0 and leaves[lo + j] <= now:
                    waited = leaves[lo + j] - place[lo + j]
                    cost += weight[line] * felt(waited, target[line], beyond, twice)
                    waiting -= 1
                    j = behind[j]
                    head[line] = j
                if j >= 0 and place[lo + j] < oldest:
                    chosen, s, oldest = j, line, place[lo + j]
            if chosen < 0:
                if not idle[c]:
                    since[c] = now
                idle[c] = True
                wake[c] = rest_at[c, rested[c]] if rested[c] < rests else NEVER
                if now < end[c] < min(wake[c], close):
                    wake[c] = end[c]
                play(winner, wake, c)
                continue
            idle[c] = False
            head[s] = behind[chosen]
            waiting -= 1
            waited = max(0.0, now - oldest)
            cost += weight[s] * felt(waited, target[s], beyond, twice)
            wake[c] = now + work[lo + chosen] / pace[c, s]
            if last[c] >= 0 and last[c] != family[s]:
                wake[c] += changeover
            last[c] = family[s]
            play(winner, wake, c)
        for s in range(services):
            j = head[s]
            while j >= 0:
                waited = min(leaves[lo + j], close + OVERTIME_S) - place[lo + j]
                cost += weight[s] * felt(waited, target[s], beyond, twice)
                j = behind[j]
        out[d] = cost


rehearse: Callable[..., None] = njit(f"void({', '.join(_TYPES)})", cache=True, nogil=True)(_rehearse)
