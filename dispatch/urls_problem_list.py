"""Addresses of the municipal problem list and its editions."""

from __future__ import annotations

from django.urls import path

from .views import editions, problem_list

urlpatterns = [
    path("problems/", problem_list.problem_list, name="problem_list"),
    path("problems/export/", problem_list.problem_list_export, name="problem_list_export"),
    path("problems/<str:text>/seal/<slug:label>/", problem_list.seal_list, name="problem_list_seal"),
    path("problems/editions/<uuid:public_id>/", editions.edition, name="edition"),
    path("problems/editions/<uuid:public_id>/workbook/", editions.edition_file, name="edition_file"),
    path("problems/editions/<uuid:public_id>/compare/", editions.edition_compare, name="edition_compare"),
]
