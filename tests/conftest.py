"""What every test may ask for: databases, the real arrivals, and what a run takes along by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import OPENED
from tests.postgres import Postgres
from tests.redis import Redis

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TIDEHALL_DATA", ROOT.parent / "shared" / "data"))
# Left out of a bare `pytest`, which is fast and needs nothing installed. `make test` names its markers.
NEEDS_MORE = ("pg", "redis", "browser", "chaos", "slow", "data")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", action="store_true", help="keep pictures in docs/screenshots")
    parser.addoption("--rounds", type=int, default=5, help="rounds of kill -9 in each chaos test (default 5)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a bare `pytest` fast. Naming a path or a marker takes everything that is named."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.option.markexpr:
        return
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in NEEDS_MORE)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test of the real arrivals may be skipped only where they are missing."""
    report = yield
    if report.skipped and item.get_closest_marker("data") and DATA.is_dir():
        report.outcome = "failed"
        report.longrepr = f"skipped although the real arrivals are at {DATA}: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def arrivals() -> Path:
    """The folder with the real arrivals; use it together with the marker `data`."""
    if not DATA.is_dir():
        pytest.skip(f"there are no real arrivals at {DATA}; TIDEHALL_DATA names their folder")
    return DATA


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a chaos test kills: 5 in `make test`, 20 in `make chaos`."""
    return int(request.config.getoption("--rounds"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this run's own, without fsync: for what is right, not for what is fast or durable."""
    with Postgres(fsync=False) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a fresh, empty database, dropped after the test."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, empty database: a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hall.sqlite"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(autouse=True)
def close_what_was_opened() -> Iterator[None]:
    """Close the databases of the test's halls, or their connections would be found lying about later."""
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis of this run's own; mark the test `redis`."""
    with Redis() as server:
        yield server.url
