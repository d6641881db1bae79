import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        ('exam', '0005_salts_and_bound_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseText',
            fields=[
                ('hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'case_texts',
            },
        ),
        migrations.AddField(
            model_name='caserun',
            name='block',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='caserun',
            name='sitting',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_runs', to='exam.sitting'),
        ),
        migrations.AddConstraint(
            model_name='caserun',
            constraint=models.UniqueConstraint(fields=('sitting', 'block'), name='case_runs_one_a_block'),
        ),
        migrations.AddConstraint(
            model_name='caserun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('block__isnull', True), ('sitting__isnull', True)), models.Q(('block__isnull', False), ('sitting__isnull', False)), _connector='OR'), name='case_runs_block_of_a_sitting'),
        ),
    ]
