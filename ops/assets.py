"""Copy the front-end files that pages name into static/vendor/, which is git-ignored.

    python -m ops.assets

Only what is listed here is served: the packages hold a hundred times as much.
"""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from ops.places import ROOT

TARGET = ROOT / "static" / "vendor"
MODULES = ROOT / "node_modules"
# Served name -> file of an npm package.
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
# htmx comes with django-htmx, which keeps to version 2; npm's newest has other defaults.
HTMX = "static/django_htmx/htmx-2.min.js"
# A named map that is not served stops collectstatic.
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def sources() -> dict[str, Path]:
    django_htmx = find_spec("django_htmx")
    if django_htmx is None or django_htmx.origin is None:
        raise SystemExit("django-htmx is not installed; run `make setup`.")
    found = {name: MODULES / path for name, path in FILES.items()}
    return found | {"htmx.min.js": Path(django_htmx.origin).parent / HTMX}


def copy() -> list[str]:
    """Lay the files; returns their names."""
    missing = [str(path.relative_to(ROOT)) for path in sources().values() if not path.exists()]
    if missing:
        raise SystemExit(f"Not there: {', '.join(missing)}. Run `npm ci`.")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name, path in sources().items():
        (TARGET / name).write_bytes(SOURCE_MAP.sub(b"\n", path.read_bytes()))
    return sorted(sources())


if __name__ == "__main__":
    copy()
