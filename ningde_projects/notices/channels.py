"""How a message leaves the house: e-mail, and the webhooks of DingTalk, WeCom and Feishu group chats.

Only https, only hosts that the operator allowed (OUTBOUND_HOSTS), no redirects, twenty seconds in all; a private address
is refused even under an allowed name. A chat that answers 200 with an error code has not been sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from .models import Channel

TIMEOUT = 5
#: Seconds for one message in all, however slowly the other side answers.
TOTAL = 20
MAX_ANSWER = 64 * 1024


class ChannelError(Exception):
    """Not sent; the text says why, without secrets."""


def send(channel: str, address: str, title: str, text: str, *, key: str, secret: str = "") -> None:
    """Send one message or raise ChannelError.

    `key` identifies it to a receiver that gets it twice; with `secret` a chat's robot is shown who sends.
    """
    if not address:
        raise ChannelError("no address")
    _SENDERS[channel](address, title, text, key, secret)


def _email(address: str, title: str, text: str, key: str, _secret: str) -> None:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    subject = " ".join(title.split())[:200]
    message = EmailMessage(subject, text, to=[address], headers={"Message-ID": f"<{key}@{host}>"})
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as failure:
        raise ChannelError(type(failure).__name__) from failure


def _dingtalk(address: str, title: str, text: str, key: str, secret: str) -> None:
    url = address
    if secret:
        stamp = str(round(time.time() * 1000))
        sign = signature(secret, f"{stamp}\n{secret}")
        url += f"&timestamp={stamp}&sign={quote(sign, safe='')}"
    answer = post(url, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}, "msgUuid": key})
    _require(answer, "errcode")


def _wecom(address: str, title: str, text: str, key: str, _secret: str) -> None:
    _require(post(address, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}}), "errcode")


def _feishu(address: str, title: str, text: str, key: str, secret: str) -> None:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": f"{title}\n{text}"}, "uuid": key}
    if secret:
        stamp = str(int(time.time()))
        body |= {"timestamp": stamp, "sign": signature(f"{stamp}\n{secret}", "")}
    _require(post(address, body), "code")


def signature(key: str, words: str) -> str:
    """HMAC-SHA256 in base64, as the robots ask for it: DingTalk signs time and secret with the secret, Feishu signs
    nothing with time and secret.
    """
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()


_SENDERS: dict[str, Callable[[str, str, str, str, str], None]] = {
    Channel.EMAIL: _email,
    Channel.DINGTALK: _dingtalk,
    Channel.WECOM: _wecom,
    Channel.FEISHU: _feishu,
}


def _require(answer: dict[str, Any], code: str) -> None:
    if answer.get(code) != 0:
        raise ChannelError(f"refused with code {answer.get(code)!r}")


def refusal_of(url: str) -> str:
    """Why an address may not be used, or ''."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.port not in (None, 443):
        return "only https addresses without user and port"
    if parts.hostname not in settings.OUTBOUND_HOSTS:
        return f"{parts.hostname} is not among the allowed hosts"
    return ""


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST JSON to an allowed host and read its JSON answer; resolved once, and connected to what was checked."""
    wrong = refusal_of(url)
    if wrong:
        raise ChannelError(wrong)
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        sock = socket.create_connection((_public_address(host), 443), TIMEOUT)
        context = ssl.create_default_context()
        with sock, context.wrap_socket(sock, server_hostname=host) as secure, _cut_off(secure, TOTAL):
            connection = http.client.HTTPSConnection(host, timeout=TIMEOUT)
            connection.sock = secure
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            payload = json.dumps(body, ensure_ascii=False).encode()
            connection.request("POST", path, payload, {"Content-Type": "application/json; charset=utf-8"})
            response = connection.getresponse()
            said = response.read(MAX_ANSWER)
    except (OSError, http.client.HTTPException) as failure:
        raise ChannelError(type(failure).__name__) from failure
    if response.status != 200:
        raise ChannelError(f"HTTP {response.status}")
    try:
        answer = json.loads(said)
    except ValueError as unreadable:
        raise ChannelError("the answer is not JSON") from unreadable
    if not isinstance(answer, dict):
        raise ChannelError("the answer is not an object")
    return answer


@contextmanager
def _cut_off(connected: socket.socket, seconds: float) -> Iterator[None]:
    """End the conversation after so many seconds, even with a side that sends a byte at a time."""

    def shut() -> None:
        with suppress(OSError):  # it has ended by itself
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _public_address(host: str) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    for address in found:
        if not ipaddress.ip_address(address).is_global:
            raise ChannelError(f"{host} leads to an address that is not public")
    if not found:
        raise ChannelError(f"{host} is not known")
    return found[0]
