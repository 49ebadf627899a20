"""`make run` as a person meets it: one command, five programs, none of which stays dead."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from ops import embedded, places
from ops.places import ROOT, Place, place

PROGRAMS = ("postgres", "valkey", "web", "worker", "beat")
FIRST_START_SECONDS = 150
# 3 s on an idle machine, where 10 are allowed; beside another test process each program waits for its turn.
SECOND_START_SECONDS = 30
BACK_SECONDS = 20


class Running:
    """The command in a folder of its own, so that a developer's own run beside it is not disturbed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.words = folder, port, folder / "words.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, patience: float) -> float:
        """Wait until it says that it is ready; the seconds it took."""
        begun = time.monotonic()
        variables = os.environ | {
            "RUN_FOLDER": str(self.folder / "var"),
            "PORT": str(self.port),
            "SAMPLES": "0",
        }
        with self.words.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops.run"],
                cwd=ROOT,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while "Ready: " not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - begun < patience, self.said()
            time.sleep(0.1)
        return time.monotonic() - begun

    def said(self) -> str:
        return self.words.read_text()

    def pids(self) -> dict[str, int]:
        try:
            read: dict[str, int] = json.loads((self.folder / "var" / "run" / "pids.json").read_text())
        except ValueError:  # being written
            return {}
        return read

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=8)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def stop(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def free_port() -> int:
    for port in range(20000, 32768, 7):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    run = Running(tmp_path_factory.mktemp("run"), free_port())
    try:
        run.start(FIRST_START_SECONDS)
        yield run
    finally:
        if run.process is not None and run.process.poll() is None:
            run.stop(signal.SIGINT)
        shutil.rmtree(place_of(run).data.parent, ignore_errors=True)


def place_of(run: Running) -> Place:
    kept = places.VAR
    places.VAR = run.folder / "var"
    try:
        return place("run")
    finally:
        places.VAR = kept


def count_offices(run: Running) -> int:
    connection = psycopg2.connect(place_of(run).database_url(embedded.AUDIT, embedded.DATABASE))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organizations_organisation")
            row = cursor.fetchone()
            return int(row[0]) if row else 0
    finally:
        connection.close()


def test_one_command_brings_up_everything(running: Running) -> None:
    assert running.health() == 200
    assert set(running.pids()) == set(PROGRAMS)
    assert f"http://127.0.0.1:{running.port}" in running.said()
    assert count_offices(running) > 0


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_killed_program_comes_back_by_itself(running: Running, program: str) -> None:
    killed = running.pids()[program]
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + BACK_SECONDS
    while running.pids().get(program, killed) == killed or running.health() != 200:
        assert time.monotonic() < until, f"{program} stayed away"
        time.sleep(0.2)


def test_the_keepers_own_death_is_survived(running: Running) -> None:
    keeper = int((running.folder / "var" / "run" / "supervisor.pid").read_text())
    before = running.pids()
    os.kill(keeper, signal.SIGKILL)
    until = time.monotonic() + 2 * BACK_SECONDS
    while alive(keeper) or set(running.pids().values()) & set(before.values()) or running.health() != 200:
        assert time.monotonic() < until, running.said()
        time.sleep(0.2)
    assert not any(alive(pid) for pid in before.values()), "a program of the dead keeper lives on"


def test_a_second_start_in_the_same_place_is_refused(running: Running) -> None:
    variables = os.environ | {"RUN_FOLDER": str(running.folder / "var"), "PORT": str(running.port)}
    second = subprocess.run(
        [sys.executable, "-m", "ops.run"], cwd=ROOT, env=variables, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "already running" in second.stdout
    assert running.health() == 200


def test_stopping_leaves_nothing_and_the_next_start_is_quick_and_has_the_data(running: Running) -> None:
    offices, programs = count_offices(running), running.pids()
    assert running.stop(signal.SIGINT) == 0
    assert running.said().endswith("Stopped.\n")
    assert not any(alive(pid) for pid in programs.values())
    took = running.start(FIRST_START_SECONDS)
    again = [step for step in ("Bringing", "Filling", "Collecting") if step in running.said()]
    assert again == [], "what has not changed is not done again"
    assert took < SECOND_START_SECONDS
    assert count_offices(running) == offices


def test_after_everything_was_killed_without_warning_it_starts_as_ever(running: Running) -> None:
    assert running.process is not None
    programs = running.pids()
    keeper = int((running.folder / "var" / "run" / "supervisor.pid").read_text())
    for pid in (running.process.pid, keeper):
        os.kill(pid, signal.SIGKILL)
    running.process.wait()
    running.start(FIRST_START_SECONDS)
    assert running.health() == 200
    assert not set(running.pids().values()) & set(programs.values())
