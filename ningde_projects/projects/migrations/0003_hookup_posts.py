"""Posts of municipal enterprises (M3.2, M3.3), and the object permission of whoever answers for a project."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

POSTS = [
    ("county_leader", "County-side responsible leader"),
    ("county_direct", "County-side direct responsible person"),
    ("industry_leader", "Industry-side responsible leader"),
    ("industry_direct", "Industry-side direct responsible person"),
    ("soe_leader", "Responsible leader of the municipal enterprise"),
    ("soe_direct", "Direct responsible person of the municipal enterprise"),
]


def grant_those_in_force(apps: Any, schema_editor: Any) -> None:
    """Who answers now gets the permission now; the permission's own row would only be made after all migrations."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="projects", model="project"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="answer_for_project", defaults={"name": "Answers for this project"}
    )
    grant = apps.get_model("guardian", "UserObjectPermission")
    pairs = (
        apps.get_model("projects", "Responsible")
        .objects.filter(valid_to__isnull=True)
        .order_by()
        .values_list("project_id", "user_id")
        .distinct()
    )
    grant.objects.bulk_create(
        [
            grant(user_id=user, permission=permission, content_type=kind, object_pk=str(project))
            for project, user in pairs
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_lists_of_ones_own"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="project",
            options={
                "ordering": ["place__order", "pk"],
                "permissions": [("answer_for_project", "Answers for this project")],
            },
        ),
        migrations.AlterField(
            model_name="responsible",
            name="post",
            field=models.CharField(choices=POSTS, max_length=16, verbose_name="post"),
        ),
        migrations.AlterField(
            model_name="responsibleevent",
            name="post",
            field=models.CharField(choices=POSTS, max_length=16, verbose_name="post"),
        ),
        migrations.RunPython(grant_those_in_force, migrations.RunPython.noop, elidable=False),
    ]
