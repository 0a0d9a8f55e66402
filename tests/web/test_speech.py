"""Every text that people see has its Chinese, and placeholders survive translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGES = ("hall", "kiosk", "display")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
MARKS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
CATALOGUE = ROOT / "hall/front/translations/zh/LC_MESSAGES/messages.po"


def texts() -> Iterator[tuple[str, str]]:
    """Every marked text with the file it stands in."""
    for package in PACKAGES:
        found = extract_from_dir(str(ROOT / package), METHODS, keywords=MARKS)
        for file, _line, message, _comments, _context in found:
            yield (message if isinstance(message, str) else message[0]), f"{package}/{file}"


@pytest.fixture(scope="module")
def chinese() -> dict[str, Message]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    return {one.id if isinstance(one.id, str) else one.id[0]: one for one in catalogue if one.id}


def test_every_text_has_its_chinese(chinese: dict[str, Message]) -> None:
    found = list(texts())
    assert len(found) > 250, "the texts were found at all"
    missing = {text: file for text, file in found if text not in chinese or not chinese[text].string}
    assert missing == {}


def test_placeholders_are_the_same_in_both_languages(chinese: dict[str, Message]) -> None:
    for text, message in chinese.items():
        told = message.string if isinstance(message.string, str) else message.string[0]
        assert set(PLACEHOLDER.findall(told)) <= set(PLACEHOLDER.findall(text)), text


def test_the_catalogue_compiles_and_stays_sorted(chinese: dict[str, Message], tmp_path: Path) -> None:
    with CATALOGUE.open("rb") as file, (tmp_path / "messages.mo").open("wb") as made:
        write_mo(made, read_po(file))
    assert list(chinese) == sorted(chinese)
