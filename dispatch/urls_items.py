"""The three-tier list, and the items that it has issued."""

from __future__ import annotations

from django.urls import path

from .views import items, list_acts, tier_lists

urlpatterns = [
    path("list/", tier_lists.tier_list, name="list"),
    path("list/<str:text>/begin/", list_acts.begin, name="list_begin"),
    path("list/<str:text>/print/", tier_lists.printed, name="list_print"),
    path("list/<str:text>/compare/", tier_lists.compared, name="list_compare"),
    path("list/<str:text>/editions/<int:number>/", tier_lists.edition, name="list_edition"),
    path("list/<str:text>/add/", list_acts.add, name="list_add"),
    path("list/<str:text>/chase/", list_acts.chase, name="list_chase"),
    path("list/<str:text>/items/<uuid:public_id>/<str:way>/", list_acts.move, name="list_move"),
    path("list/<str:text>/<str:verb>/", list_acts.act, name="list_act"),
    path("items/", items.listing, name="items"),
    path("items/<uuid:public_id>/", items.item, name="item"),
    path("items/<uuid:public_id>/edit/", items.edit, name="item_edit"),
    path("items/<uuid:public_id>/<str:verb>/", items.act, name="item_act"),
]
