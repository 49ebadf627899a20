"""Addresses of the owner's room."""

from django.urls import URLPattern, path

from .views import filed, form, owner, owner_lists, urgent

urlpatterns: list[URLPattern] = [
    path("reports/", owner.home, name="owner"),
    path("reports/done/", owner.done, name="owner-done"),
    path("reports/urgent/", urgent.urgent, name="urgent"),
    path("reports/urgent/receivers/", urgent.receivers, name="urgent-receivers"),
    path("reports/problems/", owner_lists.problems, name="owner-problems"),
    path("reports/problems/export.<str:form>", owner_lists.problems_export, name="owner-problems-export"),
    path("reports/archive/", owner_lists.archive, name="owner-archive"),
    path("reports/archive/export.<str:form>", owner_lists.archive_export, name="owner-archive-export"),
    path("reports/rules/", owner_lists.rules, name="reporting-rules"),
    path("reports/<uuid:public_id>/", form.report, name="report"),
    path("reports/<uuid:public_id>/autosave/", form.autosave, name="report-autosave"),
    path("reports/<uuid:public_id>/merge/", form.merge, name="report-merge"),
    path("reports/<uuid:public_id>/preview/", form.preview, name="preview"),
    path("reports/<uuid:public_id>/problems/new/", form.new_problem, name="report-new-problem"),
    path("reports/<uuid:public_id>/answer/<uuid:problem_id>/", owner.answer, name="answer"),
    path("reports/<uuid:public_id>/recall/", filed.recall, name="recall"),
    path("reports/<uuid:public_id>/revise/", filed.revise, name="revise"),
    path("reports/<uuid:public_id>/submissions/<int:number>/", filed.submission, name="submission"),
]
