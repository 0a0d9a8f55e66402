"""YAML with its line numbers: text in, spots out. A spot knows where it stands and collects faults.

Only the plain part of YAML is taken: no tags, no anchors (an alias bomb is refused before it unfolds),
at most MAX_DEPTH levels and MAX_BYTES bytes.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import yaml

MAX_BYTES = 1_000_000  # a hall of 300 windows and 300 clerks has about 100 kB
MAX_DEPTH = 12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: where, in which field, and what is allowed. Line 0: the file as a whole."""

    line: int
    field: str
    text: str

    def told(self, file: str) -> str:
        """hall.yaml:14: services[2].prefix: …"""
        place = f"{file}:{self.line}" if self.line else file
        return f"{place}: {self.field}: {self.text}" if self.field else f"{place}: {self.text}"


class HallFileError(Exception):
    """The file is not usable. `faults` holds all of them, in the order of the file."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("; ".join(fault.told("hall file") for fault in self.faults))


@dataclass(slots=True)
class Notes:
    """What was found while reading: faults stop the file, warnings are only told."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at its place in the file. `field` is its path, for instance services[2].prefix."""

    node: yaml.Node
    field: str
    notes: Notes

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def wrong(self, text: str) -> None:
        """Note a fault here."""
        self.notes.faults.append(Fault(self.line, self.field, text))

    def odd(self, text: str) -> None:
        """Note something that works but is hardly meant."""
        self.notes.warnings.append(Fault(self.line, self.field, text))

    @property
    def is_empty(self) -> bool:
        """Nothing, ~ or null was written."""
        return isinstance(self.node, yaml.ScalarNode) and (
            self.node.value in ("", "~", "null") and self.node.style is None
        )

    @property
    def is_plain(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def text(self, allowed: str) -> str | None:
        """The plain text as written; None with a fault when this is no single value."""
        if isinstance(self.node, yaml.ScalarNode) and not self.is_empty:
            return str(self.node.value).strip()
        self.wrong(f"something else than a single value. Allowed: {allowed}")
        return None

    def items(self, allowed: str) -> list[Spot]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong(f"not a list. Allowed: {allowed}")
            return []
        return [Spot(node, f"{self.field}[{i}]", self.notes) for i, node in enumerate(self.node.value)]

    def entries(self, allowed: str) -> dict[str, tuple[Spot, Spot]]:
        """The members of a mapping: key -> (the key's spot, the value's). A key given twice is a fault."""
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong(f"not a set of “key: value” lines. Allowed: {allowed}")
            return {}
        found: dict[str, tuple[Spot, Spot]] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            path = f"{self.field}.{key}" if self.field else key
            key_spot = Spot(key_node, path, self.notes)
            if key in found:
                key_spot.wrong(f"given twice (first in line {found[key][0].line})")
                continue
            found[key] = (key_spot, Spot(value_node, path, self.notes))
        return found


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Did you mean “x”?, or the whole list when nothing is near."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(sorted(known)) or 'none'}"


def text_of(path: Path) -> str:
    """The file's text. Raises HallFileError for what cannot be a hall file."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _whole(f"{size:,} bytes; a hall file has at most {MAX_BYTES:,}")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _whole(f"not a text file in UTF-8 (byte {error.start})") from None
    except OSError as error:
        raise _whole(f"cannot be read: {error.strerror}") from None


def root_of(text: str, notes: Notes) -> Spot:
    """The file's outermost spot. Raises HallFileError where it is no YAML of the plain kind."""
    try:
        _check_plain(text)
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = ", ".join(part for part in (error.problem, error.context) if part)
        raise HallFileError([Fault(line, "", f"not readable as YAML: {what}")]) from None
    except yaml.YAMLError as error:
        first_line = str(error).splitlines()[0]
        raise _whole(f"not readable as YAML: {first_line}") from None
    if node is None:
        raise _whole("is empty. docs/hall.example.yaml shows what belongs into it")
    return Spot(node, "", notes)


def _check_plain(text: str) -> None:
    """Walk the events, which unfold nothing, before any tree is built."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise HallFileError([Fault(line, "", "anchors (&) and aliases (*) are not taken: write it out")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise HallFileError([Fault(line, "", f"nested deeper than {MAX_DEPTH} levels")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _whole(text: str) -> HallFileError:
    return HallFileError([Fault(0, "", text)])
