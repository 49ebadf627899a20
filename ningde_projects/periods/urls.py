"""Addresses of deadlines, extensions and the calendar."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "periods"
urlpatterns = [
    path("deadlines/", views.deadlines, name="deadlines"),
    path("deadlines/extend/", views.extend, name="extend"),
    path("deadlines/<str:code>/change/", views.change_rule, name="change_rule"),
    path("calendar/<int:year>/", views.calendar, name="calendar"),
    path("calendar/enter/", views.enter_day, name="enter_day"),
    path("calendar/<str:text>/remove/", views.remove_day, name="remove_day"),
    path("jobs/", views.jobs, name="jobs"),
]
