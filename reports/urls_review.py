"""The receivers: worksheet, reading, acts; the industry department."""

from __future__ import annotations

from django.urls import path

from .views import review, review_industry, review_report, review_steps

urlpatterns = [
    path("review/", review.worksheet, name="review"),
    path("review/owed/", review.owed, name="review_owed"),
    path("review/bulk/", review.bulk, name="review_bulk"),
    path("review/return/", review.return_many, name="review_return_many"),
    path("review/chase/", review.chase_all, name="review_chase_all"),
    path("review/export.<str:form>", review.export, name="review_export"),
    path("review/industry/", review_industry.worksheet, name="industry"),
    path("review/<uuid:public_id>/", review_report.report, name="review_report"),
    path("review/<uuid:public_id>/accept/", review_report.accept, name="review_accept"),
    path("review/<uuid:public_id>/opinion/", review_report.opinion, name="review_opinion"),
    path("review/<uuid:public_id>/return/", review_report.return_report, name="review_return"),
    path("review/<uuid:public_id>/ask/", review_report.ask, name="review_ask"),
    path("review/<uuid:public_id>/sign/", review_report.sign, name="review_sign"),
    path("review/<uuid:public_id>/exempt/", review_report.exempt, name="review_exempt"),
    path("review/<uuid:public_id>/oblige/", review_report.oblige, name="review_oblige"),
    path("review/<uuid:public_id>/chase/", review_report.chase, name="review_chase"),
    path("review/<uuid:public_id>/steps/<str:step>/", review_steps.show, name="review_step"),
    path("review/<uuid:public_id>/confirm/", review_industry.confirm, name="industry_confirm"),
    path("review/<uuid:public_id>/query/", review_industry.query, name="industry_query"),
]
