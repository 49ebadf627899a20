"""The pool, its items, exits and duplicates (M1.2, M1.4)."""

from __future__ import annotations

from django.urls import path

from .views import duplicates, items, pool

urlpatterns = [
    path("", pool.pool, name="pool"),
    path("items/", items.lapsing, name="lapsing"),
    path("items/catalogue/", items.kinds, name="item_kinds"),
    path("items/catalogue/new/", items.kind, name="item_kind_new"),
    path("items/catalogue/<uuid:public_id>/", items.kind, name="item_kind"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:public_id>/<uuid:other>/", duplicates.apart, name="keep_apart"),
    path("pool/<uuid:public_id>/facts/", pool.edit, name="pool_edit"),
    path("pool/<uuid:public_id>/items/<str:code>/", items.item, name="item"),
    path("pool/<uuid:public_id>/merge/", duplicates.merge, name="merge"),
    path("pool/<uuid:public_id>/<str:act>/", pool.act, name="pool_act"),
]
