"""Addresses of the hookup lists (M3.1–M3.4)."""

from __future__ import annotations

from django.urls import path

from .views import coverage, list_acts, list_lines, lists, majors

urlpatterns = [
    path("lists/", lists.lists, name="lists"),
    path("lists/offices/<uuid:public_id>/", lists.office, name="office"),
    path("lists/offices/<uuid:public_id>/begin/", lists.begin, name="list_begin"),
    path("lists/<uuid:public_id>/", lists.show, name="list"),
    path("lists/<uuid:public_id>/draw/", list_lines.draw, name="list_draw"),
    path("lists/<uuid:public_id>/file/", list_acts.File.as_view(), name="list_file"),
    path("lists/<uuid:public_id>/recall/", list_acts.Recall.as_view(), name="list_recall"),
    path("lists/<uuid:public_id>/receive/", list_acts.Receive.as_view(), name="list_receive"),
    path("lists/<uuid:public_id>/return/", list_acts.Return.as_view(), name="list_return"),
    path("lists/<uuid:public_id>/lines/<uuid:line_id>/", list_lines.choose, name="list_line"),
    path("lists/<uuid:public_id>/lines/<uuid:line_id>/change/", list_lines.change, name="list_change"),
    path("lists/<uuid:public_id>/lines/<uuid:line_id>/drop/", list_lines.drop, name="list_drop"),
    path("lists/<uuid:public_id>/projects/<uuid:project_id>/<str:post>/", list_lines.name, name="list_name"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/projects/", coverage.projects, name="uncovered"),
    path("majors/", majors.picks, name="picks"),
    path("majors/<uuid:public_id>/pick/", majors.pick, name="pick"),
    path("majors/<uuid:public_id>/withdraw/", majors.withdraw, name="pick_withdraw"),
    path("heads/", majors.heads, name="heads"),
    path("heads/<str:code>/<str:head>/", majors.head, name="head"),
]
