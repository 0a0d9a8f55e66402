"""A password's hash takes a tenth of a second on purpose; no press at a window may wait for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hall.store import accounts
from hall.store.db import Database
from hall.store.tables import Hall
from hall.web import account
from tests.builders import make_hall


@pytest.mark.parametrize("words", [["add", "boss", "--role", "manager"], ["password", "zhang"]])
def test_others_write_while_a_password_is_hashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    url = f"sqlite:///{tmp_path}/hall.sqlite"
    make_hall(url)
    assert account.main(["--database", url, "--hall", "town", "add", "zhang", "--role", "kiosk"]) == 0
    others = Database(url)
    hash_as_ever = PasswordHasher.hash

    def hash_while_others_write(self: PasswordHasher, password: str) -> str:
        with others.change() as session:
            session.query(Hall).one().name_zh = "大厅"
        return hash_as_ever(self, password)

    monkeypatch.setattr(accounts.PasswordHasher, "hash", hash_while_others_write)
    assert account.main(["--database", url, "--hall", "town", *words]) == 0
    with others.look() as session:
        assert session.query(Hall).one().name_zh == "大厅"
    others.close()
