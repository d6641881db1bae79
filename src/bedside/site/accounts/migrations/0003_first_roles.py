from typing import Any

from django.db import migrations


def give_first_roles(apps: Any, schema_editor: Any) -> None:
    """Who was there before roles were is a candidate; the learner of this computer is an author and a reviewer too."""
    User = apps.get_model("accounts", "User")
    RoleGrant = apps.get_model("accounts", "RoleGrant")
    for user in User.objects.all():
        names = ["candidate", "author", "reviewer"] if user.username == "learner" else ["candidate"]
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=name, given_at=user.date_joined) for name in names)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
    ]

    operations = [
        migrations.RunPython(give_first_roles, migrations.RunPython.noop),
    ]
