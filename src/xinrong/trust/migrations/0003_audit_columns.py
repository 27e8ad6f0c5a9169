"""Which support session asked, and which rows one batch query wrote."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0002_roles")]

    operations = [
        migrations.AddField("auditrow", "support_id", models.BigIntegerField(null=True)),
        migrations.AddField(
            "auditrow",
            "bundle",
            models.CharField(blank=True, max_length=32, default=""),
            preserve_default=False,
        ),
    ]
