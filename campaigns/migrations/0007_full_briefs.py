"""The full brief, its way past the moderators, and templates."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('campaigns', '0006_results'),
    ]

    operations = [
        migrations.CreateModel(
            name='BriefTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=140)),
                ('terms', models.JSONField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CampaignSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flags', models.JSONField(blank=True, default=list)),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('sent_back', 'Sent back'), ('taken_back', 'Taken back by the brand')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='submission_decided_with_time')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='brief',
            name='brief_read_only',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='campaign',
            name='legal_campaign_transition',
        ),
        migrations.AddField(
            model_name='brief',
            name='apply_by',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='approval',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='deliverables',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='brief',
            name='disclosure',
            field=models.CharField(default='#ad', max_length=200),
        ),
        migrations.AddField(
            model_name='brief',
            name='donts',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='brief',
            name='dos',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='brief',
            name='exclusivity_days',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='brief',
            name='links',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='brief',
            name='objective',
            field=models.CharField(blank=True, choices=[('launch', 'Launch a product'), ('awareness', 'Become better known'), ('sales', 'Sell'), ('content', 'Content for our own channels'), ('community', 'Grow or care for a community'), ('event', 'Bring people to an event')], max_length=12),
        ),
        migrations.AddField(
            model_name='brief',
            name='places',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How many creators are wanted; empty for no limit.', null=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='product',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='publish_by',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='publish_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='revision_rounds',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name='brief',
            name='shows_budget',
            field=models.BooleanField(default=False, help_text='Whether creators see the range the budget for one lies in.'),
        ),
        migrations.AddField(
            model_name='brief',
            name='usage_rights',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='brief',
            name='usage_rights_months',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brief',
            trigger=pgtrigger.compiler.Trigger(name='brief_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."platform" IS DISTINCT FROM (NEW."platform") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."niches" IS DISTINCT FROM (NEW."niches") OR OLD."min_followers" IS DISTINCT FROM (NEW."min_followers") OR OLD."max_followers" IS DISTINCT FROM (NEW."max_followers") OR OLD."max_risk" IS DISTINCT FROM (NEW."max_risk") OR OLD."budget_minor" IS DISTINCT FROM (NEW."budget_minor") OR OLD."total_budget_minor" IS DISTINCT FROM (NEW."total_budget_minor") OR OLD."budget_currency" IS DISTINCT FROM (NEW."budget_currency") OR OLD."values" IS DISTINCT FROM (NEW."values") OR OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."objective" IS DISTINCT FROM (NEW."objective") OR OLD."deliverables" IS DISTINCT FROM (NEW."deliverables") OR OLD."places" IS DISTINCT FROM (NEW."places") OR OLD."shows_budget" IS DISTINCT FROM (NEW."shows_budget") OR OLD."product" IS DISTINCT FROM (NEW."product") OR OLD."links" IS DISTINCT FROM (NEW."links") OR OLD."dos" IS DISTINCT FROM (NEW."dos") OR OLD."donts" IS DISTINCT FROM (NEW."donts") OR OLD."usage_rights_months" IS DISTINCT FROM (NEW."usage_rights_months") OR OLD."usage_rights" IS DISTINCT FROM (NEW."usage_rights") OR OLD."exclusivity_days" IS DISTINCT FROM (NEW."exclusivity_days") OR OLD."disclosure" IS DISTINCT FROM (NEW."disclosure") OR OLD."revision_rounds" IS DISTINCT FROM (NEW."revision_rounds") OR OLD."approval" IS DISTINCT FROM (NEW."approval") OR OLD."apply_by" IS DISTINCT FROM (NEW."apply_by") OR OLD."publish_from" IS DISTINCT FROM (NEW."publish_from") OR OLD."publish_by" IS DISTINCT FROM (NEW."publish_by") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='75843809121eacceab4ac0661a22231cec63e82e', operation='UPDATE', pgid='pgtrigger_brief_read_only_aeb92', table='campaigns_brief', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='legal_campaign_transition', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{closed:archived,draft:cancelled,draft:in_moderation,in_moderation:cancelled,in_moderation:draft,in_moderation:open,open:cancelled,open:closed,open:in_moderation,open:paused,paused:cancelled,paused:closed,paused:in_moderation,paused:open}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='88312f2975ebe5db675921ffaef43f9e551e0e8c', operation='UPDATE', pgid='pgtrigger_legal_campaign_transition_57a0b', table='campaigns_campaign', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('places', None), ('places__gte', 1), _connector='OR'), name='brief_places_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('disclosure', ''), _negated=True), name='brief_discloses'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('publish_from', None), ('publish_by', None), ('publish_from__lte', models.F('publish_by')), _connector='OR'), name='brief_dates_in_order'),
        ),
        migrations.AddField(
            model_name='brieftemplate',
            name='brand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brief_templates', to='accounts.brand'),
        ),
        migrations.AddField(
            model_name='brieftemplate',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaignsubmission',
            name='brief',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='campaigns.brief'),
        ),
        migrations.AddField(
            model_name='campaignsubmission',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='campaignsubmission',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaignsubmission',
            name='submitted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='brieftemplate',
            constraint=models.UniqueConstraint(fields=('brand', 'name'), name='one_template_per_name'),
        ),
        migrations.AddConstraint(
            model_name='campaignsubmission',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('campaign',), name='one_open_submission'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaignsubmission',
            trigger=pgtrigger.compiler.Trigger(name='submission_facts_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."brief_id" IS DISTINCT FROM (NEW."brief_id") OR OLD."flags" IS DISTINCT FROM (NEW."flags") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='90eb890767115b01311960a8729d7db97be4b926', operation='UPDATE', pgid='pgtrigger_submission_facts_fixed_87558', table='campaigns_campaignsubmission', when='BEFORE')),
        ),
    ]
