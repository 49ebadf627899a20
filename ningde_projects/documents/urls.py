"""Imports, exports and attachments of all apps; mounted at the root."""

from django.urls import URLPattern, path

from .views import exports, imports, uploads

app_name = "documents"
urlpatterns: list[URLPattern] = [
    path("imports/<str:kind>/", imports.start, name="import-start"),
    path("imports/<str:kind>/form.xlsx", imports.template, name="import-template"),
    path("imports/<str:kind>/<uuid:public_id>/", imports.batch, name="import-batch"),
    path("imports/<str:kind>/<uuid:public_id>/confirm/", imports.confirm, name="import-confirm"),
    path("imports/<str:kind>/<uuid:public_id>/findings.xlsx", imports.findings, name="import-findings"),
    path("exports/", exports.jobs, name="export-jobs"),
    path("exports/jobs/<uuid:public_id>/", exports.job, name="export-job"),
    path("exports/jobs/<uuid:public_id>/file/", exports.job_file, name="export-file"),
    path("exports/<str:kind>/", exports.export, name="export"),
    path("attachments/<uuid:public_id>/", uploads.download, name="attachment"),
    path("attachments/<uuid:public_id>/remove/", uploads.remove, name="attachment-remove"),
    path("attachments/<str:subject_type>/<uuid:subject_id>/", uploads.listing, name="attachments"),
    path("attachments/<str:subject_type>/<uuid:subject_id>/add/", uploads.add, name="attachment-add"),
]
