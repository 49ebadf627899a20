"""The real registry, as it stands once all apps are ready."""

from __future__ import annotations

from ningde_projects.shell import icons, navigation


def test_every_entry_has_its_icon_and_leads_somewhere() -> None:
    for registered in navigation._entries.values():
        assert icons.body(registered.icon, filled=False), registered.key
        assert registered.url(), registered.key


def test_every_registered_link_leads_somewhere() -> None:
    assert [link for link in navigation._links if not navigation.link(link)] == []
