"""Where people begin on the other side of a question: at the post they have without it.

A line-up worked out anew would answer two questions at once: what one clerk more brings, and what a reshuffle
of all the others does.
"""

from __future__ import annotations

from scheduler.replay.fixed import Fixed
from scheduler.replay.layout import Layout, layout
from scheduler.replay.lineup import Lineup, by_load
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario


def kept(policy: Policy, day: Scenario, changed: Scenario) -> Policy:
    """The policy for the changed day: as on `day` for everybody who has a post there.

    Whoever is new, or had no place to go to, begins where the expected work wants them. `free` has no posts,
    and `tidal` goes on choosing its own: to plan differently is its answer to the question.
    """
    if not isinstance(policy, Fixed):
        return policy
    was, now = layout(day), layout(changed)
    before = policy.begins(was)
    idle = {was.clerks[c] for c in by_load(was, policy.families, seated=before).keys() - before.keys()}
    seated = _in_numbers_of(now, was, before)
    placed = by_load(now, policy.families, seated=seated)
    return policy.beginning(
        {clerk: post for clerk, post in placed.items() if clerk in seated or now.clerks[clerk] not in idle}
    )


def _in_numbers_of(now: Layout, was: Layout, lineup: Lineup) -> Lineup:
    """The posts of those who are there in another layout, in its numbers.

    A post that has become impossible stays in it: the policy finds such a clerk a window (Fixed).
    """
    found: Lineup = {}
    for clerk, (window, services) in lineup.items():
        who, place = now.clerk(was.clerks[clerk]), was.windows[window]
        if who is not None and place in now.windows:
            found[who] = (now.windows.index(place), now.mode(was.names(services)))
    return found
