"""Where a request came from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address: the connection's own, or what one of our proxies says of it.

    X-Forwarded-For is read from the right and only as far as our own proxies reach; what stands further left
    was written by the client and proves nothing.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and _is_ours(address) and _is_address(hops[-1]):
        address = hops.pop()
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_ours(address: str) -> bool:
    return _is_address(address) and any(
        ip_address(address) in network for network in settings.TRUSTED_PROXIES
    )
