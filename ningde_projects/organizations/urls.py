"""Offices, accounts, duties, delegations, hand-overs; mounted at the root."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import delegations, duties, handovers, keys, organisations, people

app_name = "organizations"
urlpatterns: list[URLPattern] = [
    path("organizations/", organisations.organisation_list, name="organisations"),
    path("organizations/new/", organisations.create, name="organisation_create"),
    path("organizations/<uuid:public_id>/", organisations.organisation, name="organisation"),
    path("organizations/<uuid:public_id>/edit/", organisations.edit, name="organisation_edit"),
    path("organizations/<uuid:public_id>/rename/", organisations.rename, name="organisation_rename"),
    path("organizations/<uuid:public_id>/close/", organisations.close, name="organisation_close"),
    path("organizations/<uuid:public_id>/reopen/", organisations.reopen, name="organisation_reopen"),
    path("organizations/<uuid:public_id>/people/new/", people.open_account, name="person_open"),
    path("organizations/people/", people.people, name="people"),
    path("organizations/people/<uuid:person>/", people.person, name="person"),
    path("organizations/people/<uuid:person>/edit/", people.edit, name="person_edit"),
    path("organizations/people/<uuid:person>/close/", people.close, name="person_close"),
    path("organizations/people/<uuid:person>/move/", people.move, name="person_move"),
    path("organizations/people/<uuid:person>/reopen/", people.reopen, name="person_reopen"),
    path("organizations/people/<uuid:person>/link/", keys.reset_link, name="person_link"),
    path("organizations/people/<uuid:person>/unlock/", keys.unlock_account, name="person_unlock"),
    path("organizations/people/<uuid:person>/factor/", keys.factor_reset, name="person_factor"),
    path("organizations/people/<uuid:person>/delegate/", delegations.create_for, name="delegate_for"),
    path("organizations/people/<uuid:person>/grant/", duties.grant, name="duty_grant"),
    path("duties/", duties.duty_list, name="duties"),
    path("duties/<uuid:assignment>/revoke/", duties.revoke, name="duty_revoke"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("delegations/new/", delegations.create, name="delegate"),
    path("delegations/<uuid:delegation>/end/", delegations.revoke, name="delegation_end"),
    path("handover/", handovers.handover, name="handover"),
    path("handover/<uuid:sheet>/", handovers.sheet, name="handover_sheet"),
]
