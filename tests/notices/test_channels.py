"""What leaves the house: signed, to allowed hosts only, no longer than taken, and cut off when the other side hangs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ningde_projects.notices import channels
from ningde_projects.notices.channels import ChannelError
from ningde_projects.notices.cutoff import CutOff, CutOffError, within
from ningde_projects.notices.models import Channel

BOUND = 0.5
#: Far below any time-out of a single step: only the bound on the whole can have ended it.
SOON = 3.0
Handler = Callable[[socket.socket], None]
Start = Callable[[Handler], int]


@pytest.fixture
def server() -> Iterator[Start]:
    """Serve one handler on the loopback; answers the port. Handlers end when their connection is shut."""
    listeners: list[socket.socket] = []

    def start(handler: Handler) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            while True:
                try:
                    connection, _peer = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        handler(connection)
                    except OSError:
                        continue

        threading.Thread(target=run, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()


@pytest.fixture
def mail_server(server: Start, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler], None]:
    """The operator's mail server behaves like this handler."""

    def start(handler: Handler) -> None:
        monkeypatch.setattr(channels, "TOTAL", BOUND)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server(handler)

    return start


def write_letter() -> None:
    channels.send(Channel.EMAIL, "a@office.example", "标题", "正文", key="k1")


def silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def dripping(connection: socket.socket) -> None:
    """A byte now and then, for ever: every single wait is short."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def cut_off() -> None:
    begun = time.monotonic()
    with pytest.raises(ChannelError, match="cut off after 0.5 seconds"):
        write_letter()
    assert BOUND <= time.monotonic() - begun < SOON


@pytest.mark.parametrize("handler", [silent, dripping])
def test_a_mail_server_that_hangs_or_drips_is_cut_off(
    handler: Handler, mail_server: Callable[[Handler], None]
) -> None:
    mail_server(handler)
    cut_off()


def test_after_the_cut_off_a_mail_server_that_wakes_up_gets_no_letter(
    mail_server: Callable[[Handler], None],
) -> None:
    heard: list[bytes] = []

    def late(connection: socket.socket) -> None:
        time.sleep(BOUND * 2)
        connection.sendall(b"220 awake\r\n")
        while said := connection.recv(65536):
            heard.append(said)
            connection.sendall(b"250 ok\r\n")

    mail_server(late)
    cut_off()
    time.sleep(BOUND * 3)
    assert heard == []


def test_a_mail_server_that_is_not_there_is_a_failure(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with pytest.raises(ChannelError, match="ConnectionRefusedError"):
        write_letter()


def test_a_mail_server_that_works_gets_the_letter(
    mail_server: Callable[[Handler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []

    def answering(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 ready\r\n")
        for line in lines:
            heard.append(line)
            word = line.strip().upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while (said := next(lines)) != b".\r\n":
                    heard.append(said)
            connection.sendall(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return

    mail_server(answering)
    monkeypatch.setattr(channels, "TOTAL", 20.0)
    write_letter()
    assert any(line.startswith(b"Message-ID: <k1@") for line in heard)
    assert any(b"a@office.example" in line for line in heard if line.upper().startswith(b"RCPT"))


@pytest.mark.parametrize("handler", [silent, dripping])
def test_a_chat_that_hangs_or_drips_is_cut_off(
    handler: Handler, server: Start, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    monkeypatch.setattr(channels, "TOTAL", BOUND)
    monkeypatch.setattr(channels, "PORT", server(handler))
    monkeypatch.setattr(channels, "_public_address", lambda host: "127.0.0.1")
    begun = time.monotonic()
    with pytest.raises(ChannelError):  # "cut off", or a handshake that is none
        channels.send(Channel.FEISHU, "https://chat.example.org/x", "题", "文", key="k")
    assert time.monotonic() - begun < SOON


def test_a_name_service_that_hangs_is_cut_off(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def slow(host: str) -> str:
        time.sleep(BOUND * 4)
        return "127.0.0.1"

    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    monkeypatch.setattr(channels, "TOTAL", BOUND)
    monkeypatch.setattr(channels, "_public_address", slow)
    with pytest.raises(ChannelError, match="cut off"):
        channels.send(Channel.FEISHU, "https://chat.example.org/x", "题", "文", key="k")


def test_an_open_conversation_is_shut_when_the_time_is_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def wait_for_ever(cut: CutOff) -> None:
            cut.guard(ours)
            ours.recv(1)

        with pytest.raises(CutOffError):
            within(0.1, wait_for_ever)
        assert theirs.recv(1) == b""


def test_wecom_is_told_no_more_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def post(url: str, body: dict[str, Any], cut: CutOff) -> dict[str, Any]:
        said.append(body["text"]["content"])
        return {"errcode": 0}

    monkeypatch.setattr(channels, "post", post)
    for text in ("督" * 2000, "督" * 680):
        channels.send(Channel.WECOM, "https://chat.example.org/x", "标题", text, key="k")
    long, short = said
    assert 2045 <= len(long.encode()) <= 2048
    assert set(long.removeprefix("标题\n")) == {"督", "…"}
    assert long.endswith("督…")
    assert short == "标题\n" + "督" * 680


def test_a_chat_is_signed_as_its_house_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[tuple[str, dict[str, Any]]] = []

    def post(url: str, body: dict[str, Any], cut: CutOff) -> dict[str, Any]:
        posted.append((url, body))
        return {"errcode": 0, "code": 0}

    monkeypatch.setattr(channels, "post", post)
    monkeypatch.setattr(time, "time", lambda: 1793000000.25)
    for channel in (Channel.FEISHU, Channel.DINGTALK, Channel.WECOM):
        channels.send(channel, "https://chat.example.org/x?t=1", "题", "文", key="k", secret="s3cret")
    (_url, feishu), (dingtalk, _body), (wecom, plain) = posted
    assert feishu["timestamp"] == "1793000000"
    expected = hmac.new(b"1793000000\ns3cret", b"", hashlib.sha256).digest()
    assert feishu["sign"] == base64.b64encode(expected).decode()
    assert dingtalk.startswith("https://chat.example.org/x?t=1&timestamp=1793000000250&sign=")
    assert (wecom, plain["msgtype"]) == ("https://chat.example.org/x?t=1", "text")
    assert "s3cret" not in str(posted)


@pytest.mark.parametrize(
    "url",
    ["http://chat.example.org/x", "https://elsewhere.example.org/x", "https://" + "u@chat.example.org/x",
     "https://chat.example.org:8443/x"],
)  # fmt: skip
def test_only_allowed_hosts_are_reached(settings: Any, url: str) -> None:
    settings.OUTBOUND_HOSTS = ["chat.example.org"]
    with pytest.raises(channels.ChannelError):
        channels.post(url, {}, CutOff())
