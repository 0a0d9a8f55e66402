"""Strange halls: random snapshots, absurd ones included, from a seed. All are valid input."""

from __future__ import annotations

import random
from typing import Any

from scheduler.snapshot import Snapshot
from tests.scheduler.halls import CLOSE_S, OPEN_S, clerk, document, pause, service, window

MOMENTS = (OPEN_S - 1800, OPEN_S, OPEN_S + 5, 36_300, 41_400, 45_000, 52_000, CLOSE_S - 60, CLOSE_S + 1200)


def strange(seed: int) -> Snapshot:
    return Snapshot.from_json(strange_document(seed))


def strange_document(seed: int) -> dict[str, Any]:
    """One random hall. Every fourth has something absurd about it."""
    rng = random.Random(seed)
    services = _services(rng)
    names = [s["id"] for s in services]
    windows = [_window(rng, i, services) for i in range(rng.randint(1, 14))]
    clerks = _clerks(rng, names, windows)
    now_s = rng.choice(MOMENTS)
    told = document(services, windows, clerks, now_s, rules=_rules(rng), seed=seed)
    told["waiting"] = _waiting(rng, names, now_s)
    told["booked"] = [
        {"service": rng.choice(names), "at_s": now_s + 60 * i} for i in range(rng.randint(0, 5))
    ]
    told["forecast"] = {s: [rng.choice((0, 0.5, 2, 9)) for _ in range(36)] for s in names}
    if seed % 3 == 0:  # another day than was foretold
        told["foretold"] = {s: means[::-1] for s, means in told["forecast"].items()}
    _wishes(rng, told)
    if seed % 4 == 0:
        _absurd(rng, told)
    return told


def _services(rng: random.Random) -> list[dict[str, Any]]:
    families = rng.randint(1, 5)
    return [
        service(
            f"s{i}",
            family=f"f{i % families}",
            service_s=rng.choice((60, 450, 1320)),
            floor=rng.choice((0, 0, 1, 1, 2)),
            weight=rng.choice((0, 1.0, 3.0)),
            cap_wait_s=rng.choice((None, 900)),
            hours=rng.choice((None, None, [[OPEN_S, 43_200]])),
        )
        for i in range(rng.randint(1, 8))
    ]


def _window(rng: random.Random, number: int, services: list[dict[str, Any]]) -> dict[str, Any]:
    names = [s["id"] for s in services]
    can = rng.sample(names, rng.randint(1, len(names)))
    families = sorted({s["family"] for s in services})
    mine = [s["id"] for s in services if s["id"] in can and s["family"] in rng.sample(families, 1)] or can[:1]
    is_tidal = rng.random() < 0.8
    return window(
        f"W{number}", " ".join(can), " ".join(mine if rng.random() < 0.7 or not is_tidal else []),
        tidal=is_tidal, fixed_mode=[] if is_tidal else mine, open=rng.random() < 0.9,
        mode_since_s=rng.choice((OPEN_S, 30_700, 36_000)), flips_today=rng.choice((0, 0, 1, 6)),
    )  # fmt: skip


def _clerks(rng: random.Random, names: list[str], windows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = [w["id"] for w in windows]
    rng.shuffle(places)
    return [_clerk(rng, i, names, places) for i in range(rng.randint(0, 12))]


def _clerk(rng: random.Random, number: int, names: list[str], places: list[str]) -> dict[str, Any]:
    status = rng.choice(("idle", "serving", "serving", "setup", "break", "off"))
    able = rng.sample(names, rng.randint(0 if rng.random() < 0.1 else 1, len(names)))
    at = places.pop() if places and status != "off" and rng.random() < 0.8 else None
    if status == "break" and at and rng.random() < 0.5:
        places.append(at)  # it counts as free: somebody else may sit there
    serving = rng.choice(names) if status == "serving" else None
    rests = [pause(), pause(earliest_s=33_000, latest_s=36_000)] if rng.random() < 0.5 else []
    told = clerk(
        f"c{number}", " ".join(able), at, " ".join(able[:1]) if at else "", status=status, serving=serving,
        end_s=rng.choice((CLOSE_S, CLOSE_S, 45_000)), breaks=rests,
    )  # fmt: skip
    return told | ({"until_s": 46_000} if status in ("break", "setup") and rng.random() < 0.5 else {})


def _waiting(rng: random.Random, names: list[str], now_s: int) -> list[dict[str, Any]]:
    count = rng.choice((0, 3, 30))
    since = sorted(rng.randint(max(0, now_s - 5400), now_s) for _ in range(count))
    return [
        {
            "service": rng.choice(names), "since_s": at_s, "booked_s": rng.choice((None, None, at_s + 300)),
            "class": rng.choice(("normal", "normal", "priority")),
        }
        for at_s in since
    ]  # fmt: skip


def _rules(rng: random.Random) -> dict[str, Any]:
    return {
        "max_families": rng.choice((1, 2, 2, 3)),
        "min_dwell_s": rng.choice((0, 1200)),
        "max_flips_per_window": rng.choice((None, 0, 6)),
        "setup_s": rng.choice((0, 240)),
    }


def _wishes(rng: random.Random, told: dict[str, Any]) -> None:
    """Pins that may be, committed and refused flips of any kind."""
    family = {s["id"]: s["family"] for s in told["services"]}
    for each in told["windows"]:
        some = rng.sample(each["can"], rng.randint(1, min(2, len(each["can"]))))
        wish = {"window": each["id"], "mode": some, "until_s": told["now_s"] + rng.choice((0, 600))}
        fits = each["tidal"] and len({family[s] for s in some}) <= told["rules"]["max_families"]
        kind = rng.random()
        if kind < 0.1 and fits:
            told["pins"].append(wish | {"mode": rng.choice((some, []))})
        elif kind < 0.2:
            told["refused"].append(wish)
        elif kind < 0.35:
            who = rng.choice([None, *(c["id"] for c in told["clerks"])])
            at_s = told["now_s"] + rng.choice((-300, 0, 600))
            told["committed"].append({"window": each["id"], "mode": some, "clerk": who, "at_s": at_s})


def _absurd(rng: random.Random, told: dict[str, Any]) -> None:
    names = [s["id"] for s in told["services"]]
    kind = rng.randrange(9)
    if kind == 0:
        told |= {"clerks": [], "committed": [c | {"clerk": None} for c in told["committed"]]}
    elif kind == 1:
        told |= {"windows": [], "pins": [], "committed": [], "refused": []}
        told["clerks"] = [c | {"window": None, "mode": []} for c in told["clerks"]]
    elif kind == 2:
        told["waiting"] = [
            {"service": rng.choice(names), "since_s": 30_000, "booked_s": None, "class": "normal"}
        ] * 500
    elif kind == 3:
        told["clerks"] = [
            c | {"breaks": [pause(earliest_s=20_000, latest_s=told["now_s"])]} for c in told["clerks"]
        ]
    elif kind == 4:
        told["hours"] = []
    elif kind == 5:
        told["windows"] = [w | {"open": False} for w in told["windows"]]
    elif kind == 6:
        told["services"] = [s | {"floor": 50} for s in told["services"]]
    elif kind == 7:
        told["windows"] = [w | {"can": [], "mode": [], "fixed_mode": []} for w in told["windows"]]
        told |= {"pins": [], "committed": []}
    else:
        told["forecast"] = {s: [1e6] * 36 for s in names}
