import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('item_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='media', to='library.itemversion')),
            ],
            options={
                'db_table': 'item_version_media',
                'indexes': [models.Index(fields=['name'], name='item_version_media_name')],
                'constraints': [models.UniqueConstraint(fields=('item_version', 'name'), name='item_version_media_once')],
            },
        ),
    ]
