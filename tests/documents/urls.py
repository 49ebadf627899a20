"""The house's addresses, with those of documents whether or not they are mounted yet."""

from django.urls import URLPattern, URLResolver, include, path

from ningde_projects.urls import handler400, handler403, handler404, handler500
from ningde_projects.urls import urlpatterns as mounted

_missing = all(getattr(known, "app_name", "") != "documents" for known in mounted)
urlpatterns: list[URLPattern | URLResolver] = [
    *mounted,
    *([path("", include("ningde_projects.documents.urls"))] if _missing else []),
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
