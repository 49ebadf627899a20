"""How a message leaves the house: e-mail, and the webhooks of DingTalk, WeCom and Feishu group chats.

Every sending is cut off after twenty seconds as a whole, whatever the channel and however slowly the other side answers.
Chats: only https, only hosts that the operator allowed (OUTBOUND_HOSTS), no redirects; a private address is refused
even under an allowed name. A chat that answers 200 with an error code has not been sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from . import mail
from .cutoff import CutOff, CutOffError, within
from .models import Channel

PORT = 443
#: Seconds for one step with a chat; a mail server has EMAIL_TIMEOUT.
TIMEOUT = 5
#: Seconds for one message in all, over whatever channel. The outbox's lease is longer.
TOTAL = 20.0
MAX_ANSWER = 64 * 1024
#: Bytes that WeCom takes of a text; it refuses a longer one whole.
WECOM_BYTES = 2048


class ChannelError(Exception):
    """Not sent; the text says why, without secrets."""


def send(channel: str, address: str, title: str, text: str, *, key: str, secret: str = "") -> None:
    """Send one message or raise ChannelError.

    `key` identifies it to a receiver that gets it twice; with `secret` a chat's robot is shown who sends.
    """
    if not address:
        raise ChannelError("no address")
    sender = _SENDERS[channel]
    try:
        within(TOTAL, lambda cut: sender(address, title, text, key, secret, cut))
    except CutOffError as over:
        raise ChannelError(f"cut off after {TOTAL:g} seconds") from over
    except (OSError, http.client.HTTPException) as failure:
        raise ChannelError(type(failure).__name__) from failure


def _email(address: str, title: str, text: str, key: str, _secret: str, cut: CutOff) -> None:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    subject = " ".join(title.split())[:200]
    message = EmailMessage(subject, text, to=[address], headers={"Message-ID": f"<{key}@{host}>"})
    mail.send(message, cut)


def _dingtalk(address: str, title: str, text: str, key: str, secret: str, cut: CutOff) -> None:
    url = address
    if secret:
        stamp = str(round(time.time() * 1000))
        sign = signature(secret, f"{stamp}\n{secret}")
        url += f"{'&' if urlsplit(url).query else '?'}timestamp={stamp}&sign={quote(sign, safe='')}"
    answer = post(url, {"msgtype": "text", "text": {"content": f"{title}\n{text}"}, "msgUuid": key}, cut)
    _require(answer, "errcode")


def _wecom(address: str, title: str, text: str, _key: str, _secret: str, cut: CutOff) -> None:
    content = shortened(f"{title}\n{text}", WECOM_BYTES)
    _require(post(address, {"msgtype": "text", "text": {"content": content}}, cut), "errcode")


def shortened(text: str, size: int) -> str:
    """No more bytes than that, ended between two characters with …"""
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - len("…".encode())].decode(errors="ignore") + "…"


def _feishu(address: str, title: str, text: str, key: str, secret: str, cut: CutOff) -> None:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": f"{title}\n{text}"}, "uuid": key}
    if secret:
        stamp = str(int(time.time()))
        body |= {"timestamp": stamp, "sign": signature(f"{stamp}\n{secret}", "")}
    _require(post(address, body, cut), "code")


def signature(key: str, words: str) -> str:
    """HMAC-SHA256 in base64, as the robots ask for it: DingTalk signs time and secret with the secret, Feishu signs
    nothing with time and secret.
    """
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()


_SENDERS: dict[str, Callable[[str, str, str, str, str, CutOff], None]] = {
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


def post(url: str, body: dict[str, Any], cut: CutOff) -> dict[str, Any]:
    """POST JSON to an allowed host and read its JSON answer; resolved once, and connected to what was checked.

    ChannelError, OSError or HTTPException when it was not taken over.
    """
    wrong = refusal_of(url)
    if wrong:
        raise ChannelError(wrong)
    parts = urlsplit(url)
    host = parts.hostname or ""
    sock = socket.create_connection((_public_address(host), PORT), TIMEOUT)
    context = ssl.create_default_context()
    with sock, context.wrap_socket(sock, server_hostname=host) as secure:
        cut.guard(secure)
        connection = http.client.HTTPSConnection(host, timeout=TIMEOUT)
        connection.sock = secure
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        payload = json.dumps(body, ensure_ascii=False).encode()
        connection.request("POST", path, payload, {"Content-Type": "application/json; charset=utf-8"})
        response = connection.getresponse()
        said = response.read(MAX_ANSWER)
    return _understood(response.status, said)


def _understood(status: int, said: bytes) -> dict[str, Any]:
    if status != 200:
        raise ChannelError(f"HTTP {status}")
    try:
        answer = json.loads(said)
    except ValueError as unreadable:
        raise ChannelError("the answer is not JSON") from unreadable
    if not isinstance(answer, dict):
        raise ChannelError("the answer is not an object")
    return answer


def _public_address(host: str) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    for address in found:
        if not ipaddress.ip_address(address).is_global:
            raise ChannelError(f"{host} leads to an address that is not public")
    if not found:
        raise ChannelError(f"{host} is not known")
    return found[0]
