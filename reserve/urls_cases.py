"""Addresses of the 3+N consultation."""

from __future__ import annotations

from django.urls import path

from .views import case_acts, case_opinions, cases

urlpatterns = [
    path("cases/", cases.case_list, name="cases"),
    path("cases/missing/", cases.missing, name="cases_missing"),
    path("cases/missing/<uuid:public_id>/chase/", case_acts.chase_filing, name="case_filing_chase"),
    path("cases/new/<uuid:public_id>/", case_acts.start, name="case_start"),
    path("cases/opinions/", case_opinions.desk, name="case_opinions"),
    path("cases/opinions/<uuid:public_id>/", case_opinions.opinion, name="case_opinion"),
    path("cases/opinions/<uuid:public_id>/sign/", case_opinions.sign, name="case_opinion_sign"),
    path(
        "cases/opinions/<uuid:public_id>/take-back/", case_opinions.take_back, name="case_opinion_take_back"
    ),
    path(
        "cases/opinions/<uuid:public_id>/return/", case_opinions.return_to_section, name="case_opinion_return"
    ),
    path("cases/opinions/<uuid:public_id>/chase/", case_opinions.chase, name="case_opinion_chase"),
    path(
        "cases/opinions/<uuid:public_id>/ask-again/", case_opinions.ask_again, name="case_opinion_ask_again"
    ),
    path("cases/opinions/<uuid:public_id>/release/", case_opinions.release, name="case_opinion_release"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/edit/", cases.edit, name="case_edit"),
    path("cases/<uuid:public_id>/autosave/", cases.autosave, name="case_autosave"),
    path("cases/<uuid:public_id>/withdraw/", case_acts.withdraw, name="case_withdraw"),
    path("cases/<uuid:public_id>/accept/", case_acts.accept, name="case_accept"),
    path("cases/<uuid:public_id>/return/", case_acts.send_back, name="case_return"),
    path("cases/<uuid:public_id>/invite/", case_acts.invite, name="case_invite"),
    path("cases/<uuid:public_id>/supplement/", case_acts.ask_supplement, name="case_supplement"),
    path("cases/<uuid:public_id>/pass/", case_acts.pass_case, name="case_pass"),
    path("cases/<uuid:public_id>/reject/", case_acts.reject, name="case_reject"),
    path("cases/<uuid:public_id>/reopen/", case_acts.reopen, name="case_reopen"),
]
