from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.served import Site, served


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with served(database_url) as site:
        yield site
