"""`make check`: every gate that needs no test, each with its own verdict; all are tried even when one fails.

python -m ops.check         the gates
python -m ops.check docs    write the generated documents anew
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from ops import steps
from ops.places import ROOT, VAR

BIN = Path(sys.executable).parent
PYTHON = sys.executable


def program(name: str) -> str:
    return str(BIN / name)


def sources() -> list[str]:
    return [
        "manage.py",
        "ningde_projects",
        *(folder.name for folder in steps.OUR_FOLDERS if folder.name != "ningde_projects"),
    ]


def gates() -> dict[str, list[str]]:
    manage = [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"]  # the database is not asked
    found = {
        "format": [program("ruff"), "format", "--check", "--quiet", "."],
        "lint": [program("ruff"), "check", "--quiet", "."],
        "types": [program("mypy"), "--no-error-summary", *sources(), "tests"],
        "imports": [program("lint-imports"), "--no-cache"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "translations": [PYTHON, "-m", "ops.messages", "check"],
        "templates": [program("djlint"), "--lint", "--quiet", *template_folders()],
        "tree": [PYTHON, "-m", "ops.gates"],
    }
    if steps.command_exists("generate_docs"):
        found["documents"] = [*manage, "generate_docs", "--check"]
    return found


def template_folders() -> list[str]:
    folders = {path for folder in steps.OUR_FOLDERS for path in folder.rglob("templates") if path.is_dir()}
    return sorted(str(path.relative_to(ROOT)) for path in folders | {ROOT / "templates"})


def environment_for(gate: str) -> dict[str, str]:
    nowhere = {"DATABASE_URL": "postgresql://nd_app@127.0.0.1:9/ningde", "REDIS_URL": "redis://127.0.0.1:9"}
    settings = {"DJANGO_SETTINGS_MODULE": "ningde_projects.settings.test", "STATE_DIR": str(VAR / "check")}
    if gate == "deployment":
        settings |= {
            "DJANGO_SETTINGS_MODULE": "ningde_projects.settings.production",
            "SECRET_KEY": os.urandom(40).hex(),
            "PUBLIC_BASE_URL": "https://projects.example",
        }
    return os.environ | nowhere | settings


def main(arguments: list[str]) -> int:
    if arguments == ["docs"]:
        if not steps.command_exists("generate_docs"):
            print("There are no generated documents yet.")
            return 0
        return subprocess.run(
            [PYTHON, "manage.py", "generate_docs"], cwd=ROOT, env=environment_for("documents")
        ).returncode
    failed = []
    for name, command in gates().items():
        begun = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment_for(name),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        verdict = "FAILED" if done.returncode else "ok"
        print(f"{name:<14}{verdict:<8}{time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout.strip(), flush=True)
    print(f"Gates that failed: {', '.join(failed)}" if failed else "All gates passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
