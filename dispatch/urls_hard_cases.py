"""Hard cases, leaders' instructions, and what they give units to do."""

from __future__ import annotations

from django.urls import path

from .views import hard_case_acts as acts
from .views import hard_cases as pages

urlpatterns = [
    path("hard-cases/", pages.listing, name="hard_cases"),
    path("hard-cases/new/", pages.new, name="hard_case_new"),
    path("hard-cases/tasks/", acts.task_list, name="instruction_tasks"),
    path("hard-cases/tasks/<uuid:public_id>/", acts.task, name="instruction_task"),
    path("hard-cases/tasks/<uuid:public_id>/<str:verb>/", acts.task_act, name="instruction_task_act"),
    path("hard-cases/<uuid:public_id>/", pages.case, name="hard_case"),
    path("hard-cases/<uuid:public_id>/edit/", pages.edit, name="hard_case_edit"),
    path("hard-cases/<uuid:public_id>/instruct/", acts.instruct, name="hard_case_instruct"),
    path("hard-cases/<uuid:public_id>/<str:verb>/", acts.act, name="hard_case_act"),
]
