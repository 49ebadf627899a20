"""How the database itself keeps the record (E3, security.md "record").

Tables named here refuse UPDATE, DELETE and TRUNCATE twice: by the rights of the run-time role, and by triggers for
whoever owns them. The application refuses to start when its role could do more than it should.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection

RUNTIME_ROLE = "nd_app"
AUDIT_ROLE = "nd_audit"

_FUNCTION = """
CREATE OR REPLACE FUNCTION nd_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('nd.allow_truncate', true) = 'on' THEN
        RETURN NULL;  -- test databases are emptied between tests; the run-time role has no TRUNCATE at all
    END IF;
    RAISE EXCEPTION 'the record % cannot be altered', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# pgtrigger lets any session name triggers that shall not fire (SET pgtrigger.ignore); the row history's would then
# stay silent. Nothing of ours asks for that, so the answer is always no.
_NEVER_IGNORE = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


def append_only_tables() -> list[str]:
    """Tables of models that say `append_only = True`, and every table of row history."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "append_only", False) or getattr(model, "pgh_tracked_model", None) is not None
    )


def filled_at_once_tables() -> list[str]:
    """Tables of models that say `filled_at_once = True`: whoever fills one tells the planner so (ANALYZE)."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "filled_at_once", False)
    )


def protect(tables: Iterable[str]) -> None:
    """Create the refusing triggers; the owner of the tables runs this after each migration."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(_NEVER_IGNORE)
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER nd_append_only BEFORE UPDATE OR DELETE ON {name} "
                "FOR EACH ROW EXECUTE FUNCTION nd_refuse_change()"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER nd_no_truncate BEFORE TRUNCATE ON {name} "
                "FOR EACH STATEMENT EXECUTE FUNCTION nd_refuse_change()"
            )


def grant_roles(tables: Iterable[str]) -> None:
    """Give the run-time role its rows and no more, and the auditor his reading. Roles must exist."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {RUNTIME_ROLE}, {AUDIT_ROLE}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {RUNTIME_ROLE}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {RUNTIME_ROLE}")
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {RUNTIME_ROLE}")
            cursor.execute(f"GRANT SELECT ON {name} TO {AUDIT_ROLE}")
        # Without this right PostgreSQL skips the run-time role's ANALYZE with a warning that nobody reads.
        for table in filled_at_once_tables():
            cursor.execute(f"GRANT MAINTAIN ON {connection.ops.quote_name(table)} TO {RUNTIME_ROLE}")


def role_exists(role: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def runtime_faults(tables: Iterable[str]) -> list[str]:
    """What is wrong with the role that this process is connected as; empty when it may serve."""
    faults: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
        role, is_super = cursor.fetchone()
        if is_super:
            faults.append(f"role {role} is a superuser")
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') "
            "AND pg_has_role(current_user, c.relowner, 'MEMBER') LIMIT 3"
        )
        faults += [f"role {role} owns table {name}" for (name,) in cursor.fetchall()]
        for table in tables:
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                if cursor.fetchone()[0]:
                    faults.append(f"role {role} may {right} {table}")
            cursor.execute(
                "SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = %s::regclass AND t.tgenabled <> 'D' "
                "AND t.tgname IN ('nd_append_only', 'nd_no_truncate')",
                [table],
            )
            if cursor.fetchone()[0] != 2:
                faults.append(f"table {table} lacks its guarding triggers")
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        if any(source.strip() != "SELECT false" for (source,) in cursor.fetchall()):
            faults.append("the row history can be switched off (pgtrigger.ignore); run apply_roles")
    return faults
