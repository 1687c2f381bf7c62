"""Shortlists with their entries, notes and votes."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_creator_availability'),
        ('accounts', '__first__'),
        ('campaigns', '0010_briefs_for_matching'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shortlist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shortlists', to='accounts.brand')),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shortlists', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('brand'), django.db.models.functions.text.Lower('name'), condition=models.Q(('archived_at', None)), name='one_live_shortlist_per_name'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='shortlist_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ShortlistEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shortlist_entries', to='accounts.creator')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shortlist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='campaigns.shortlist')),
            ],
            options={
                'verbose_name_plural': 'shortlist entries',
                'ordering': ['-added_at', '-pk'],
                'indexes': [models.Index(fields=['added_at'], name='shortlist_entry_added')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('shortlist', 'creator'), name='one_live_entry_per_creator')],
            },
        ),
        migrations.CreateModel(
            name='ShortlistNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='campaigns.shortlistentry')),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('deleted_at', None), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('deleted_at', None), _negated=True), ('text', '')), _connector='OR'), name='shortlist_note_has_text_until_deleted')],
            },
        ),
        migrations.CreateModel(
            name='ShortlistVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField(choices=[(-1, 'Against'), (1, 'For')])),
                ('cast_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='campaigns.shortlistentry')),
                ('voter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'voter'), name='one_vote_per_person'), models.CheckConstraint(condition=models.Q(('value__in', [-1, 1])), name='vote_is_for_or_against')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shortlistentry',
            trigger=pgtrigger.compiler.Trigger(name='shortlist_entry_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."shortlist_id" IS DISTINCT FROM (NEW."shortlist_id") OR OLD."creator_id" IS DISTINCT FROM (NEW."creator_id") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c1add5cce2b03b66848dd9b0f2421a0fd3609ed1', operation='UPDATE', pgid='pgtrigger_shortlist_entry_fixed_7c1be', table='campaigns_shortlistentry', when='BEFORE')),
        ),
    ]
