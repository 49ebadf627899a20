"""The record: nobody alters it, and whoever could is found out (E3, security.md "record")."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ningde_projects.notices.models import Notice
from ningde_projects.organizations.actor import SystemActor
from ningde_projects.organizations.models import Industry, User
from ningde_projects.workflow import heads, protection, seals, upkeep
from ningde_projects.workflow.door import record
from ningde_projects.workflow.models import Act, IdempotencyKey, Seal
from tests.cast import Cast
from tests.reports.story import november


def _connect(role: str) -> Any:
    settings = connection.settings_dict
    opened = psycopg2.connect(
        dbname=settings["NAME"], host=settings["HOST"], port=settings["PORT"] or None, user=role
    )
    opened.autocommit = True
    return opened


@pytest.fixture
def guarded(transactional_db: None) -> list[str]:
    """The database as `apply_roles` leaves it."""
    tables = protection.append_only_tables()
    call_command("apply_roles", verbosity=0)
    return tables


@pytest.fixture
def as_app(guarded: list[str]) -> Iterator[Any]:
    """A connection of the run-time role to this very database."""
    opened = _connect("nd_app")
    with opened.cursor() as cursor:
        yield cursor
    opened.close()


@pytest.fixture
def by_force(guarded: list[str]) -> Iterator[Callable[..., None]]:
    """Whoever is root on the database machine: no trigger and no right holds him."""
    opened = _connect("postgres")

    def execute(statement: str, *values: Any) -> None:
        with opened.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)

    yield execute
    opened.close()


def _acts(count: int = 3) -> list[Act]:
    return [
        record("test", f"act{n}", by=SystemActor(november(n)), at=november(n), text=f"第{n}件",
               data={"n": n, "甲": ["一"]})
        for n in range(1, count + 1)
    ]  # fmt: skip


def _found(at_day: int = 5) -> set[tuple[int, str]]:
    return {(fault.act_id, str(fault.what)) for fault in seals.verify(november(at_day))}


# ---- the run-time role ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    ["UPDATE {t} SET reason = 'x'", "DELETE FROM {t}", "TRUNCATE {t} CASCADE", "DROP TABLE {t} CASCADE",
     "ALTER TABLE {t} DISABLE TRIGGER ALL", "ALTER TABLE {t} DISABLE TRIGGER nd_append_only",
     "DROP TRIGGER nd_append_only ON {t}", "ALTER TABLE {t} RENAME TO gone",
     "CREATE RULE r AS ON INSERT TO {t} DO INSTEAD NOTHING",
     "SET session_replication_role = replica", "SET ROLE nd_owner"],
)  # fmt: skip
def test_e3_the_run_time_role_cannot_alter_the_record(as_app: Any, attempt: str) -> None:
    _acts()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(attempt.format(t="workflow_act"))
    assert Act.objects.count() == 3


def test_the_run_time_role_may_tell_the_planner_of_a_month_it_has_opened(as_app: Any) -> None:
    """An ANALYZE without the right to it is skipped with a warning: the month would stay without statistics."""
    assert protection.filled_at_once_tables() == ["reports_report"]
    as_app.execute("ANALYZE reports_report")
    assert as_app.connection.notices == []


def test_seals_and_row_histories_cannot_be_altered_either(as_app: Any, guarded: list[str]) -> None:
    assert {"workflow_act", "workflow_seal", "reports_reportevent", "organizations_userevent"} <= set(guarded)
    for table in guarded:
        for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            as_app.execute("SELECT has_table_privilege(%s, %s)", [table, right])
            assert as_app.fetchone() == (False,), (table, right)


def test_the_row_history_cannot_be_told_to_look_away(as_app: Any, cast: Cast) -> None:
    """SET pgtrigger.ignore is open to every session; it must change nothing."""
    call_command("apply_roles", verbosity=0)
    as_app.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'organizations_user'::regclass AND tgname LIKE 'pgtrigger%'"
    )
    names = ",".join(row[0] for row in as_app.fetchall())
    assert names
    as_app.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + names + "}"])
    as_app.execute("UPDATE organizations_user SET title = '改了' WHERE id = %s", [cast.idle.pk])
    history = User.pgh_event_models["update"]  # type: ignore[attr-defined]
    assert history.objects.filter(pgh_obj=cast.idle.pk, title="改了").count() == 1


def test_even_the_owner_is_refused_by_the_triggers(guarded: list[str]) -> None:
    _acts()
    for attempt in ("UPDATE workflow_act SET reason = 'x'", "DELETE FROM workflow_act"):
        with pytest.raises(Exception, match="cannot be altered"), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_the_owner_cannot_empty_the_record_where_no_test_runs(guarded: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL nd.allow_truncate = 'off'")
        with pytest.raises(Exception, match="cannot be altered"), transaction.atomic():
            cursor.execute("TRUNCATE workflow_seal")


def test_the_application_refuses_to_start_as_the_owner(guarded: list[str]) -> None:
    with pytest.raises(CommandError, match="owns table"):
        call_command("check_runtime")


def _as_app_role() -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE nd_app")
        return protection.runtime_faults(protection.append_only_tables())


def test_the_run_time_role_is_sound_after_apply_roles(guarded: list[str]) -> None:
    assert _as_app_role() == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [("GRANT UPDATE ON workflow_act TO nd_app", "may UPDATE workflow_act"),
     ("GRANT DELETE ON reports_reportevent TO nd_app", "may DELETE reports_reportevent"),
     ("GRANT TRUNCATE ON workflow_seal TO nd_app", "may TRUNCATE workflow_seal"),
     ("ALTER TABLE workflow_act DISABLE TRIGGER nd_append_only", "workflow_act lacks its guarding triggers"),
     ("CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean LANGUAGE sql"
      " AS 'SELECT true'", "can be switched off")],
)  # fmt: skip
def test_each_loosened_right_keeps_the_application_from_starting(
    guarded: list[str], statement: str, fault: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    try:
        assert any(fault in found for found in _as_app_role())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE workflow_act ENABLE TRIGGER nd_append_only")
        call_command("apply_roles", verbosity=0)


# ---- seals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["changed", "data", "context", "missing", "tail", "moved", "inserted"])
def test_an_alteration_by_force_is_located(by_force: Callable[..., None], how: str) -> None:
    acts = _acts(6)
    assert seals.seal(november(4)) == 6
    assert _found() == set()
    first, second, last = acts[0], acts[1], acts[-1]
    statement, expected = {
        "changed": (f"UPDATE workflow_act SET reason = 'x' WHERE id = {second.pk}", {(second.pk, "已被改动")}),
        "data": (f"UPDATE workflow_act SET data = '{{}}' WHERE id = {last.pk}", {(last.pk, "已被改动")}),
        "context": (f"UPDATE workflow_act SET context_id = gen_random_uuid() WHERE id = {second.pk}",
                    {(second.pk, "已被改动")}),
        "missing": (f"DELETE FROM workflow_act WHERE id = {second.pk}", {(second.pk, "缺失")}),
        "tail": (f"DELETE FROM workflow_act WHERE id >= {last.pk}", {(last.pk, "缺失")}),
        "moved": (f"UPDATE workflow_act SET id = {first.pk - 1000} WHERE id = {first.pk}",
                  {(first.pk - 1000, "事后插入"), (first.pk, "缺失")}),
        "inserted": (f"INSERT INTO workflow_act SELECT {first.pk - 7}, gen_random_uuid(), at, recorded_at, machine, name,"
                     " object_id, object_public_id, object_text, from_status, to_status, user_text, principal_text,"
                     " organisation_text, reason, data, project_id, place_id, ip, request_id, context_id,"
                     f" organisation_id, principal_id, user_id FROM workflow_act WHERE id = {first.pk}",
                     {(first.pk - 7, "事后插入")}),
    }[how]  # fmt: skip
    by_force(statement)
    assert _found() == expected
    with pytest.raises(CommandError) as told:
        call_command("verify_record")
    assert f"act {min(act_id for act_id, _ in expected)}:" in str(told.value).splitlines()[0]


def test_a_cut_off_end_is_found_by_the_heads_outside_the_database(by_force: Callable[..., None]) -> None:
    _acts(2)
    seals.seal(november(4))
    later = _acts(2)
    seals.seal(november(5))
    by_force(f"DELETE FROM workflow_seal WHERE last_id = {later[-1].pk}")
    by_force(f"DELETE FROM workflow_act WHERE id >= {later[0].pk}")
    assert _found() == {(later[-1].pk, "曾经封存，封存记录已不在或已被替换")}


def test_a_chain_written_anew_is_found_by_the_heads_too(by_force: Callable[..., None]) -> None:
    _acts(2)
    seals.seal(november(4))
    sealed = Seal.objects.get()
    entries = bytes(sealed.rows)[40:]
    by_force("DELETE FROM workflow_act WHERE id = %s", sealed.first_id)
    by_force(
        "UPDATE workflow_seal SET rows = %s, digest = %s, count = 1",
        entries,
        seals._digest(seals.GENESIS, entries),
    )
    assert _found() == {(sealed.last_id, "曾经封存，封存记录已不在或已被替换")}
    heads.file().unlink()
    assert (
        _found() == set()
    )  # without the heads nothing could tell: they are what the operator ships elsewhere


def test_a_seal_that_was_altered_breaks_the_chain(by_force: Callable[..., None]) -> None:
    acts = _acts(2)
    seals.seal(november(4))
    by_force("UPDATE workflow_seal SET previous = repeat('1', 64)")
    assert (acts[0].pk, "封存链在此处断开") in _found()


def test_acts_are_sealed_once_and_in_a_chain(guarded: list[str]) -> None:
    _acts()
    assert seals.seal(november(4)) == 3
    assert seals.seal(november(4)) == 0
    _acts()
    assert seals.seal(november(5)) == 3
    first, second = Seal.objects.order_by("id")
    assert (first.previous, second.previous) == (seals.GENESIS, first.digest)
    assert [head for _last, head in heads.noted()] == [first.digest, second.digest]
    assert _found() == set()


def test_many_acts_are_sealed_in_portions(guarded: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 4)
    _acts(11)
    assert seals.seal(november(4)) == 11
    assert [seal.count for seal in Seal.objects.order_by("id")] == [4, 4, 3]
    assert _found() == set()


@pytest.mark.django_db(transaction=True)
def test_an_act_hidden_in_a_running_transaction_is_not_sealed_over() -> None:
    """It drew the smaller id and commits later: sealing past it would make an honest act look slipped in."""
    drawn, go_on = threading.Event(), threading.Event()
    hidden: list[int] = []

    def slow() -> None:
        try:
            with transaction.atomic():
                hidden.append(_acts(1)[0].pk)
                drawn.set()
                go_on.wait(10)
        finally:
            connection.close()

    with transaction.atomic():
        # An older transaction: its xid is smaller than the slow one's, so that xids alone would call its act settled.
        Industry.objects.create(code="x", name="x", order=99)
        writer = threading.Thread(target=slow)
        writer.start()
        assert drawn.wait(10)
        quick = _acts(1)[0]
    assert hidden[0] < quick.pk
    assert seals.seal(november(4), patience=0.1) == 0
    go_on.set()
    writer.join(10)
    assert seals.seal(november(4)) == 2
    assert _found() == set()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_undone_leaves_a_gap_that_is_none() -> None:
    with transaction.atomic():
        _acts(1)
        transaction.set_rollback(True)
    _acts(2)
    assert seals.seal(november(4)) == 2
    assert _found() == set()


@pytest.mark.django_db
def test_sealing_that_has_stopped_is_found() -> None:
    first = _acts(2)[0]
    at = Act.objects.get(pk=first.pk).recorded_at
    assert seals.verify(at + timedelta(minutes=59)) == []
    late = seals.verify(at + timedelta(hours=1, seconds=1))
    assert [(fault.act_id, str(fault.what)) for fault in late] == [(first.pk, "超过1小时未封存")]


def test_verify_says_what_it_compared(guarded: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_record")
    assert "nothing is sealed" in capsys.readouterr().out
    _acts()
    seals.seal(november(4))
    call_command("verify_record")
    assert "1 seals sound" in capsys.readouterr().out


# ---- at night ---------------------------------------------------------------------------------------------------


def test_administrators_are_told_of_an_alteration_once_a_day(
    by_force: Callable[..., None], cast: Cast, state_folder: Path
) -> None:
    act = _acts(2)[0]
    seals.seal(november(4))
    assert upkeep.verify_and_tell(november(5)) == 0
    by_force(f"DELETE FROM workflow_act WHERE id = {act.pk}")
    for hour in (2, 3):
        assert upkeep.verify_and_tell(november(5, hour)) == 1
    told = Notice.objects.filter(kind="record_broken")
    assert {notice.recipient_id for notice in told} == {cast.admin_audit.pk, cast.admin_security.pk}
    assert told.count() == 2


def test_keys_of_yesterday_are_dropped(cast: Cast) -> None:
    from uuid import uuid4

    for hours in (23, 25):
        IdempotencyKey.objects.create(
            key=uuid4(),
            user=cast.idle,
            path="/",
            body_digest="x",
            created_at=november(5) - timedelta(hours=hours),
        )
    assert upkeep.clean_up(november(5)) == 1
    assert IdempotencyKey.objects.get().created_at == november(5) - timedelta(hours=23)
