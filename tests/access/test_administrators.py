"""Administrators see nothing of the work by virtue of office, reading or sending (security.md, three administrators)."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from ningde_projects.documents.exports import exports
from ningde_projects.documents.imports import importers
from tests.access.routes import address, all_routes
from tests.access.values import values_for
from tests.access.world import build
from tests.cast import Cast

ADMINISTRATORS = ("admin_system", "admin_security", "admin_audit")
BUSINESS = ("projects:", "reserve:", "hookups:", "reports:", "dispatch:")
#: Thresholds and categories are settings: administrators read them, and are told who changes them.
SETTINGS = {
    "reports:rules", "reports:threshold_new", "reports:threshold_withdraw", "reports:category_new",
    "reports:category_replace", "reports:category_end",
}  # fmt: skip


def test_e4_no_address_of_the_work_answers_an_administrator_whatever_the_method(cast: Cast) -> None:
    world = build(cast)
    routes = [r for r in all_routes() if r.name.startswith(BUSINESS)]
    for role in ADMINISTRATORS:
        client = Client(raise_request_exception=False)
        cast.login(client, cast.people[role])
        for route in routes:
            url = address(route, values_for(route, world))
            answers = {client.get(url).status_code, client.post(url).status_code}
            if route.name in SETTINGS:
                assert answers <= {200, 403, 405}, (role, route.name, answers)
            else:
                assert answers == {404}, (role, route.name, answers)


def test_e4_lists_and_imports_of_the_work_are_not_there_for_an_administrator(
    cast: Cast, client: Client
) -> None:
    own = {"organisations", "people", "duties", "record"}
    cast.login(client, cast.admin_audit)
    for kind in exports():
        status = client.get(reverse("documents:export", args=[kind])).status_code
        assert status == (200 if kind in own else 404), kind
    for kind in importers():
        for route in ("documents:import-start", "documents:import-template"):
            assert client.get(reverse(route, args=[kind])).status_code == 404, kind
