"""Departments, problems and the commission."""

from __future__ import annotations

from django.urls import path

from .views import month, month_opinions, opinions, passing, problems, timeliness

urlpatterns = [
    path("opinions/", opinions.desk, name="opinions"),
    path("opinions/send/", opinions.send_together, name="opinions_send"),
    path("opinions/export/", month_opinions.export, name="opinions_export"),
    path("opinions/<uuid:public_id>/", opinions.opinion, name="opinion"),
    path("opinions/<uuid:public_id>/sign/", opinions.sign, name="opinion_sign"),
    path("opinions/<uuid:public_id>/return/", opinions.return_to_section, name="opinion_return"),
    path("opinions/<uuid:public_id>/take-back/", opinions.take_back, name="opinion_take_back"),
    path("opinions/<uuid:public_id>/reassign/", opinions.reassign, name="opinion_reassign"),
    path("passing/", passing.passing, name="passing"),
    path("passing/<uuid:public_id>/", passing.pass_problem, name="pass_problem"),
    path("problems/", problems.ledger, name="problems"),
    path("problems/export.<str:form>", problems.ledger_export, name="problems_export"),
    path("problems/<uuid:public_id>/", problems.problem, name="problem"),
    path("problems/<uuid:public_id>/clock/<str:verb>/", problems.clock, name="problem_clock"),
    path("problems/<uuid:public_id>/<str:name>/", problems.act, name="problem_act"),
    path("month/", month.current, name="month_current"),
    path("month/<str:text>/", month.month, name="month"),
    path("month/<str:text>/opinions/", month_opinions.opinions, name="month_opinions"),
    path("month/<str:text>/reports/", month.reports, name="month_reports"),
    path("month/<str:text>/reports.<str:form>", month.reports_export, name="month_reports_export"),
    path("timeliness/", timeliness.figures, name="timeliness"),
    path("timeliness/export.<str:form>", timeliness.figures_export, name="timeliness_export"),
    path("timeliness/reports/", timeliness.reports, name="timeliness_reports"),
    path("timeliness/reports.<str:form>", timeliness.reports_export, name="timeliness_reports_export"),
    path("verification/<uuid:public_id>/", month.verify, name="verify"),
]
