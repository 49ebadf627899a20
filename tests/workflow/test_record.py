"""The record: nobody alters it, and whoever could is found out (E3, security.md "record")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from ningde_projects.organizations.actor import SystemActor
from ningde_projects.workflow import protection, seals
from ningde_projects.workflow.door import record
from ningde_projects.workflow.models import Act
from tests.cast import Cast
from tests.reports.story import november


@pytest.fixture
def guarded(transactional_db: None) -> list[str]:
    """The database as `apply_roles` leaves it."""
    tables = protection.append_only_tables()
    call_command("apply_roles", verbosity=0)
    return tables


@pytest.fixture
def as_app(guarded: list[str]) -> Iterator[Any]:
    """A connection of the run-time role to this very database."""
    settings = connection.settings_dict
    opened = psycopg2.connect(
        dbname=settings["NAME"], host=settings["HOST"], port=settings["PORT"] or None, user="nd_app"
    )
    opened.autocommit = True
    with opened.cursor() as cursor:
        yield cursor
    opened.close()


def _three_acts() -> list[Act]:
    return [
        record("test", f"act{n}", by=SystemActor(november(n)), at=november(n), text=f"第{n}件")
        for n in (1, 2, 3)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attempt",
    ["UPDATE workflow_act SET reason = 'x'", "DELETE FROM workflow_act", "TRUNCATE workflow_act CASCADE",
     "DROP TABLE workflow_act", "ALTER TABLE workflow_act DISABLE TRIGGER ALL",
     "ALTER TABLE workflow_act DISABLE TRIGGER nd_append_only"],
)  # fmt: skip
def test_e3_the_run_time_role_cannot_alter_the_record(as_app: Any, attempt: str) -> None:
    _three_acts()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(attempt)
    assert Act.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_row_histories_cannot_be_altered_or_switched_off_either(as_app: Any, guarded: list[str]) -> None:
    assert "reports_reportevent" in guarded
    for table in guarded:
        as_app.execute(
            "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')", [table, table]
        )
        assert as_app.fetchone() == (False,), table


@pytest.mark.django_db(transaction=True)
def test_even_the_owner_is_refused_by_the_triggers(guarded: list[str]) -> None:
    _three_acts()
    for attempt in ("UPDATE workflow_act SET reason = 'x'", "DELETE FROM workflow_act"):
        with pytest.raises(Exception, match="cannot be altered"), connection.cursor() as cursor:
            cursor.execute(attempt)


@pytest.mark.django_db(transaction=True)
def test_the_application_refuses_to_start_as_a_role_that_could(guarded: list[str]) -> None:
    with pytest.raises(CommandError, match="owns table"):
        call_command("check_runtime")


def _by_force(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workflow_act DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE workflow_act ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["changed", "missing", "tail", "slipped in"])
def test_an_alteration_by_force_is_located(guarded: list[str], how: str) -> None:
    first, second, third = _three_acts()
    assert seals.seal(november(4)) == 3
    assert seals.verify() == []
    statement, where, what = {
        "changed": (f"UPDATE workflow_act SET reason = 'x' WHERE id = {second.pk}", second.pk, "changed"),
        "missing": (f"DELETE FROM workflow_act WHERE id = {second.pk}", second.pk, "missing"),
        "tail": (f"DELETE FROM workflow_act WHERE id = {third.pk}", third.pk, "missing"),
        "slipped in": (f"UPDATE workflow_act SET id = {first.pk - 1000} WHERE id = {first.pk}", first.pk, "missing"),
    }[how]  # fmt: skip
    _by_force(statement)
    assert (where, what) in {(f.act_id, f.what) for f in seals.verify()}
    with pytest.raises(CommandError, match=str(where)):
        call_command("verify_record")


@pytest.mark.django_db(transaction=True)
def test_acts_are_sealed_once_and_in_a_chain(guarded: list[str]) -> None:
    _three_acts()
    assert seals.seal(november(4)) == 3
    assert seals.seal(november(4)) == 0
    _three_acts()
    assert seals.seal(november(5)) == 3
    assert seals.verify() == []


def test_only_the_audit_administrator_reads_the_record(cast: Cast, client: Client) -> None:
    record("test", "act", by=SystemActor(november(1)), at=november(1), text="某件事")
    for role, status in (
        ("admin_audit", 200),
        ("admin_system", 404),
        ("admin_security", 404),
        ("commission", 404),
    ):
        cast.login(client, cast.people[role])
        assert client.get("/records/").status_code == status, role
    cast.login(client, cast.admin_audit)
    assert "某件事" in client.get("/records/?q=某件").content.decode()
    assert "某件事" not in client.get("/records/?q=另一").content.decode()
    assert client.get("/records/export.xlsx").status_code == 200
    assert client.get(f"/records/{Act.objects.latest('id').public_id}/").status_code == 200
