"""Which app answers where."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ningde_projects.operations.urls")),
    path("", include("ningde_projects.shell.urls")),
    path("", include("ningde_projects.signin.urls")),
    path("", include("ningde_projects.workflow.urls")),
    path("", include("ningde_projects.periods.urls")),
    path("", include("ningde_projects.notices.urls")),
    path("", include("reports.urls")),
    path("reserve/", include("reserve.urls")),
    path("hookups/", include("hookups.urls")),
    path("dispatch/", include("dispatch.urls")),
    path("", include("ningde_projects.documents.urls")),
    path("", include("ningde_projects.organizations.urls")),
    path("projects/", include("ningde_projects.projects.urls")),
]

handler400 = "ningde_projects.shell.errors.bad_request"
handler403 = "ningde_projects.shell.errors.permission_denied"
handler404 = "ningde_projects.shell.errors.not_found"
handler500 = "ningde_projects.outages.server_error"
