"""The shell's own addresses: home, language, choices of this browser, and the style guide in development."""

from django.conf import settings
from django.urls import URLPattern, path

from . import views

app_name = "shell"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("shell/language/", views.language, name="language"),
    path("shell/preferences/", views.preferences, name="preferences"),
]
if settings.DEBUG:
    urlpatterns.append(path("_styleguide/", views.styleguide, name="styleguide"))
