"""The hall file: one readable YAML file that describes a hall. `load` gives it checked, or all its faults.

Nothing here touches the database; hall.store.setup writes what was read.
"""

from hall.store.hallfile.marked import Fault, HallFileError
from hall.store.hallfile.reading import load, parse
from hall.store.hallfile.sections import ClerkEntry, FamilyEntry, HallFile, ServiceEntry, WindowEntry

__all__ = [
    "ClerkEntry", "FamilyEntry", "Fault", "HallFile", "HallFileError", "ServiceEntry", "WindowEntry",
    "load", "parse",
]  # fmt: skip
