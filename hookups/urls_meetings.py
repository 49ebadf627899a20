"""Meetings, what they decide, and who has not met his duty."""

from __future__ import annotations

from django.urls import path

from .views import decisions, duties, meeting_forms, meetings

urlpatterns = [
    path("meetings/", meetings.listing, name="meetings"),
    path("meetings/new/", meeting_forms.new, name="meeting_new"),
    path("meetings/<uuid:public_id>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:public_id>/edit/", meeting_forms.edit, name="meeting_edit"),
    path("meetings/<uuid:public_id>/revise/", meeting_forms.revise, name="meeting_revise"),
    path("meetings/<uuid:public_id>/withdraw/", meetings.withdraw, name="meeting_withdraw"),
    path("meetings/<uuid:public_id>/editions/<int:number>/", meetings.edition, name="meeting_edition"),
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/<uuid:public_id>/", decisions.decision, name="decision"),
    path("decisions/<uuid:public_id>/<str:verb>/", decisions.act, name="decision_act"),
    path("duties/", duties.gaps, name="duties"),
]
