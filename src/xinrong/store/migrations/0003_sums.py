from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0002_keys_suppression_erasure'),
    ]

    operations = [
        migrations.AddField(
            model_name='part',
            name='sums',
            field=models.TextField(default=''),
        ),
    ]
