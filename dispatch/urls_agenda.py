"""Meeting mode: the agenda, the meeting item by item, the minutes."""

from __future__ import annotations

from django.urls import path

from .views import agenda

urlpatterns = [
    path("meetings/", agenda.start, name="meeting_mode"),
    path("meetings/<uuid:public_id>/agenda/", agenda.agenda, name="meeting_agenda"),
    path("meetings/<uuid:public_id>/run/", agenda.run, name="meeting_run"),
    path("meetings/<uuid:public_id>/items/<uuid:item>/note/", agenda.say, name="meeting_say"),
    path("meetings/<uuid:public_id>/items/<uuid:item>/decide/", agenda.decide, name="meeting_decide"),
    path("meetings/<uuid:public_id>/items/<uuid:item>/<str:how>/", agenda.move, name="meeting_move"),
    path("meetings/<uuid:public_id>/minutes/", agenda.minutes, name="meeting_minutes"),
]
