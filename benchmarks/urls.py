"""The product's addresses and the empty page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from ningde_projects import urls


def empty(request: HttpRequest) -> HttpResponse:
    """The frame that every page has (session, actor, menu, base template), with nothing in it."""
    return render(request, "benchmarks/empty.html")


urlpatterns = [path("empty/", empty), *urls.urlpatterns]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500 = urls.handler500
