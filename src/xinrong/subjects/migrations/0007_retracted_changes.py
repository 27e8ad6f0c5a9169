import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0006_succession'),
    ]

    operations = [
        migrations.AddField(
            model_name='registerchange',
            name='retracted_seq',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='RetractedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('seq', models.BigIntegerField()),
                ('to_seq', models.BigIntegerField()),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='subjects.enterprise')),
            ],
        ),
    ]
