from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('remedy', '0003_repairs'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('open', models.BooleanField(default=True, null=True, unique=True)),
                ('place', models.IntegerField(default=0)),
                ('seq_before', models.BigIntegerField()),
                ('seq_after', models.BigIntegerField(null=True)),
                ('seqs', models.JSONField(default=list)),
                ('orders', models.JSONField(default=list)),
                ('done', models.JSONField(default=list)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('certificate', models.JSONField(null=True)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
    ]
