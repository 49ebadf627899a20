#!/usr/bin/env python
"""Django's command line.

Commands that change the schema or its grants, or keep all of it, run as the role that owns the tables, when
DATABASE_OWNER_URL names it; all others as the run-time role of DATABASE_URL.
"""

import os
import sys

OWNER_COMMANDS = frozenset(
    {
        "migrate",
        "makemigrations",
        "sqlmigrate",
        "apply_roles",
        "pgtrigger",
        "flush",
        "backup",
        "restore",
        "checksums",
    }
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ningde_projects.settings.local")
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["ACT_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
