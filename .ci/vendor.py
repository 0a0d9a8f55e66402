"""Copies third-party front-end files, as the npm lock brought them, to where the web process serves them.

The folder is ignored by git and goes into a built wheel, each package with its licence beside it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "hall" / "front" / "static" / "vendor"

# file or folder of a package -> its name under vendor/. Templates and the import map use the right side.
SCRIPTS = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "echarts/dist/echarts.esm.min.js": "echarts.esm.min.js",
    "lucide-static/icons": "icons",
}
LICENCES = {
    "socket.io-client/LICENSE": "socket.io.LICENSE.txt",
    "echarts/LICENSE": "echarts.LICENSE.txt",
    "echarts/NOTICE": "echarts.NOTICE.txt",
    "lucide-static/LICENSE": "icons.LICENSE.txt",
}


def main() -> None:
    """Replace the folder as a whole, so that nothing of an older version stays."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in (SCRIPTS | LICENCES).items():
        found = PACKAGES / source
        if found.is_dir():
            shutil.copytree(found, fresh / name)
        else:
            shutil.copyfile(found, fresh / name)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


if __name__ == "__main__":
    main()
