# Quarantined rows name their receipt by its batch number, so that they can be written before it.

import django.db.models.deletion
from django.db import migrations, models

# In two steps, by way of negative numbers: a row number must never seem to be there twice.
TO_BATCH = """
UPDATE collect_quarantinedrow SET receipt_id =
    -(SELECT batch FROM collect_receipt WHERE collect_receipt.id = receipt_id)
"""
POSITIVE = "UPDATE collect_quarantinedrow SET receipt_id = -receipt_id"


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0004_upload'),
    ]

    operations = [
        migrations.AlterField(
            model_name='quarantinedrow',
            name='receipt',
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name='rows',
                to='collect.receipt',
                to_field='batch',
            ),
        ),
        migrations.RunSQL(TO_BATCH),
        migrations.RunSQL(POSITIVE),
    ]
