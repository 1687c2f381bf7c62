"""Whether creators take on work, and when they are away; jobs that find niche groups; names."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_idempotency'),
    ]

    operations = [
        migrations.AddField(
            model_name='creator',
            name='accepts_work',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='creator',
            name='availability_said_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='creator',
            name='away_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='creator',
            name='away_until',
            field=models.DateField(blank=True, help_text='The last day away; empty for an open end.', null=True),
        ),
        migrations.AddConstraint(
            model_name='creator',
            constraint=models.CheckConstraint(condition=models.Q(('away_until', None), models.Q(('away_from__isnull', False), ('away_from__lte', models.F('away_until'))), _connector='OR'), name='creator_absence_in_order'),
        ),
        migrations.AddConstraint(
            model_name='creator',
            constraint=models.CheckConstraint(condition=models.Q(('availability_said_at__isnull', False), models.Q(('accepts_work', None), ('away_from', None)), _connector='OR'), name='creator_availability_is_dated'),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('import', 'Import a file'), ('embed', 'Embed the catalogue'), ('score', 'Score the catalogue'), ('refresh', 'Embed and score the catalogue'), ('cluster', 'Find niche groups')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='creator',
            index=models.Index(django.db.models.functions.text.Upper('display_name'), name='creator_name_upper'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=models.Index(django.db.models.functions.text.Upper('handle'), name='account_handle_upper'),
        ),
        migrations.AddIndex(
            model_name='socialaccount',
            index=models.Index(django.db.models.functions.text.Upper('full_name'), name='account_full_name_upper'),
        ),
    ]
