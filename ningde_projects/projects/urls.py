from django.urls import path

from .views import dossier, edit, lists, own_lists, people, project, rows

app_name = "projects"
urlpatterns = [
    path("", lists.project_list, name="list"),
    path("new/", edit.create, name="create"),
    path("columns/", own_lists.columns, name="columns"),
    path("views/save/", own_lists.save_view, name="view-save"),
    path("views/<uuid:public_id>/", own_lists.change_view, name="view-change"),
    path("views/<uuid:public_id>/delete/", own_lists.delete_view, name="view-delete"),
    path("<uuid:public_id>/", project.detail, name="detail"),
    path("<uuid:public_id>/history/", project.history, name="history"),
    path("<uuid:public_id>/follow/", own_lists.follow, name="follow"),
    path("<uuid:public_id>/dossier.xlsx", dossier.dossier, name="dossier"),
    path("<uuid:public_id>/edit/", edit.edit, name="edit"),
    path("<uuid:public_id>/management/", edit.management, name="management"),
    path("<uuid:public_id>/plans/", rows.edit_rows, {"kind": "plans"}, name="plans"),
    path("<uuid:public_id>/nodes/", rows.edit_rows, {"kind": "nodes"}, name="nodes"),
    path("<uuid:public_id>/parts/", rows.edit_rows, {"kind": "parts"}, name="parts"),
    path("<uuid:public_id>/units/", rows.edit_units, name="units"),
    path("<uuid:public_id>/people/<str:post>/", people.assign, name="assign"),
    path("<uuid:public_id>/people/<str:post>/out/", people.dismiss, name="dismiss"),
]
