"""Addresses of deadlines, extensions and the calendar."""

from __future__ import annotations

from django.urls import path

from .views import calendar, deadlines, jobs

app_name = "periods"
urlpatterns = [
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/extensions/", deadlines.extensions, name="extensions"),
    path("deadlines/extend/", deadlines.extend, name="extend"),
    path("deadlines/<str:code>/", deadlines.rule, name="rule"),
    path("deadlines/<str:code>/change/", deadlines.change_rule, name="change_rule"),
    path("calendar/<int:year>/", calendar.calendar, name="calendar"),
    path("calendar/enter/", calendar.enter_day, name="enter_day"),
    path("calendar/notice/", calendar.enter_notice, name="enter_notice"),
    path("calendar/<str:text>/remove/", calendar.remove_day, name="remove_day"),
    path("jobs/", jobs.jobs, name="jobs"),
]
