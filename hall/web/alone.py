"""`tidehall web`: the web process alone, one of several behind a proxy with sticky sessions."""

from __future__ import annotations

from hall.web import serve


def main(argv: list[str]) -> int:
    """As `serve` without a worker."""
    return serve.main(argv, with_worker=False)
