"""A salt for the digest of each new sitting's form, and a row of the ledger for each changed key.

Sittings that are here keep the digest that their log fixed, and have no salt. Changed keys that are here get their rows now: the
ledger binds them from this day on.
"""

from datetime import UTC

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bedside.delivery import LedgerEntry, canonical_digest, next_entry


def bind_changes(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Add a row to the ledger for each changed key that has none, the oldest first."""
    changes = list(apps.get_model("exam", "KeyChange").objects.order_by("at", "id"))
    if not changes:
        return
    ledger_row = apps.get_model("exam", "LedgerRow")
    server, _ = apps.get_model("exam", "Server").objects.select_for_update().get_or_create(only=True)
    for change in changes:
        told = {
            "change": str(change.pk),
            "item": change.item,
            "version": change.version,
            "before": change.before,
            "after": change.after,
            "why": change.why,
            "by": None if change.by_id is None else str(change.by_id),
            "at": change.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
        last = LedgerEntry(server.position, "", {}, server.head) if server.position else None
        digest = canonical_digest(told)
        entry = next_entry(last, {"sitting": "", "writer": str(change.pk), "seq": 1, "digest": digest})
        ledger_row.objects.create(
            position=entry.position,
            previous=entry.previous,
            hash=entry.hash,
            sitting=None,
            writer_id=change.pk,
            seq=1,
            digest=digest,
        )
        server.position, server.head = entry.position, entry.hash
        server.save()


class Migration(migrations.Migration):
    dependencies = [("exam", "0004_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="sitting",
            name="salt",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="ledgerrow",
            name="sitting",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger",
                to="exam.sitting",
            ),
        ),
        migrations.RunPython(bind_changes, migrations.RunPython.noop),
    ]
