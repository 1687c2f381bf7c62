import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('campaigns', '0005_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reach', models.BigIntegerField(blank=True, null=True)),
                ('views', models.BigIntegerField(blank=True, null=True)),
                ('engagements', models.BigIntegerField(blank=True, null=True)),
                ('spend_minor', models.BigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('spend_minor', None), models.Q(('spend_minor__gt', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='planned_spend_has_currency')],
            },
        ),
        migrations.CreateModel(
            name='CollectionPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('horizon', models.CharField(choices=[('1h', '1 hour'), ('24h', '24 hours'), ('72h', '72 hours'), ('7d', '7 days'), ('30d', '30 days')], max_length=3)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('due', 'Not in yet'), ('collected', 'In'), ('missed', 'Missing')], default='due', max_length=9)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('observed_at', models.DateTimeField(blank=True, null=True)),
                ('ask_at', models.DateTimeField(blank=True, null=True)),
                ('asked', models.PositiveSmallIntegerField(default=0)),
                ('message', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['deliverable', 'due_at'],
                'indexes': [models.Index(condition=models.Q(('ask_at__isnull', False)), fields=['ask_at'], name='collection_point_to_ask')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('observed_at', models.DateTimeField()),
                ('source', models.CharField(max_length=40)),
                ('provenance', models.CharField(choices=[('measured', 'Measured'), ('simulated', 'Simulated'), ('estimated', 'Estimated'), ('creator', 'Stated by the creator'), ('brand', 'Stated by the brand')], max_length=10)),
                ('views', models.BigIntegerField(null=True)),
                ('likes', models.BigIntegerField(null=True)),
                ('comments', models.BigIntegerField(null=True)),
                ('shares', models.BigIntegerField(null=True)),
                ('saves', models.BigIntegerField(null=True)),
                ('reach', models.BigIntegerField(null=True)),
                ('impressions', models.BigIntegerField(null=True)),
                ('clicks', models.BigIntegerField(null=True)),
                ('warnings', models.JSONField(blank=True, default=list)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['deliverable', 'observed_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('views__isnull', False), ('likes__isnull', False), ('comments__isnull', False), ('shares__isnull', False), ('saves__isnull', False), ('reach__isnull', False), ('impressions__isnull', False), ('clicks__isnull', False), _connector='OR'), name='observation_knows_something'), models.CheckConstraint(condition=models.Q(('views__gte', 0), ('views', None), _connector='OR'), name='observed_views_not_negative'), models.CheckConstraint(condition=models.Q(('likes__gte', 0), ('likes', None), _connector='OR'), name='observed_likes_not_negative'), models.CheckConstraint(condition=models.Q(('comments__gte', 0), ('comments', None), _connector='OR'), name='observed_comments_not_negative'), models.CheckConstraint(condition=models.Q(('shares__gte', 0), ('shares', None), _connector='OR'), name='observed_shares_not_negative'), models.CheckConstraint(condition=models.Q(('saves__gte', 0), ('saves', None), _connector='OR'), name='observed_saves_not_negative'), models.CheckConstraint(condition=models.Q(('reach__gte', 0), ('reach', None), _connector='OR'), name='observed_reach_not_negative'), models.CheckConstraint(condition=models.Q(('impressions__gte', 0), ('impressions', None), _connector='OR'), name='observed_impressions_not_negative'), models.CheckConstraint(condition=models.Q(('clicks__gte', 0), ('clicks', None), _connector='OR'), name='observed_clicks_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('ended', 'The collaboration ended'), ('month', '30 days after publication')], max_length=5)),
                ('platform', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=40)),
                ('price_minor', models.BigIntegerField()),
                ('fee_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('agreed_at', models.DateTimeField()),
                ('account_facts', models.JSONField(default=dict)),
                ('state', models.CharField(max_length=20)),
                ('published_at', models.DateTimeField(null=True)),
                ('days_late', models.IntegerField(null=True)),
                ('results', models.JSONField(default=dict)),
                ('rating', models.FloatField(null=True)),
                ('is_simulated', models.BooleanField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['deliverable', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=500)),
                ('external_id', models.CharField(max_length=100)),
                ('published_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='campaignplan',
            name='campaign',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='campaignplan',
            name='updated_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collectionpoint',
            name='deliverable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collection_points', to='campaigns.deliverable'),
        ),
        migrations.AddField(
            model_name='observation',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='observation',
            name='deliverable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='campaigns.deliverable'),
        ),
        migrations.AddField(
            model_name='collectionpoint',
            name='observation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.observation'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.socialaccount'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='brief',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.brief'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='deliverable',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='campaigns.deliverable'),
        ),
        migrations.AddField(
            model_name='publication',
            name='account',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.socialaccount'),
        ),
        migrations.AddField(
            model_name='publication',
            name='deliverable',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='campaigns.deliverable'),
        ),
        migrations.AddField(
            model_name='publication',
            name='post',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.post'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.UniqueConstraint(fields=('deliverable', 'observed_at', 'source', 'provenance'), name='one_observation_per_moment_and_source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='observation_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."deliverable_id" IS DISTINCT FROM (NEW."deliverable_id") OR OLD."observed_at" IS DISTINCT FROM (NEW."observed_at") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."provenance" IS DISTINCT FROM (NEW."provenance") OR OLD."views" IS DISTINCT FROM (NEW."views") OR OLD."likes" IS DISTINCT FROM (NEW."likes") OR OLD."comments" IS DISTINCT FROM (NEW."comments") OR OLD."shares" IS DISTINCT FROM (NEW."shares") OR OLD."saves" IS DISTINCT FROM (NEW."saves") OR OLD."reach" IS DISTINCT FROM (NEW."reach") OR OLD."impressions" IS DISTINCT FROM (NEW."impressions") OR OLD."clicks" IS DISTINCT FROM (NEW."clicks") OR OLD."warnings" IS DISTINCT FROM (NEW."warnings") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ef74140b11bea50c30ed6813ab190ac9bd80d351', operation='UPDATE', pgid='pgtrigger_observation_read_only_2df67', table='campaigns_observation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='observation_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='214b23a78f6cfc8de1f4c92c893a7d785b506d3a', operation='DELETE', pgid='pgtrigger_observation_no_delete_d4a2b', table='campaigns_observation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='collectionpoint',
            constraint=models.UniqueConstraint(fields=('deliverable', 'horizon'), name='one_collection_point_per_horizon'),
        ),
        migrations.AddConstraint(
            model_name='collectionpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('observation__isnull', False), ('observed_at__isnull', False), ('state', 'collected')), models.Q(('observation', None), ('observed_at', None), ('source', ''), models.Q(('state', 'collected'), _negated=True)), _connector='OR'), name='collected_point_has_its_observation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionpoint',
            trigger=pgtrigger.compiler.Trigger(name='legal_collection', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{due:collected,due:missed,missed:collected}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8a72017e0bc091615216e4270e02e2943013aa19', operation='UPDATE', pgid='pgtrigger_legal_collection_97f8e', table='campaigns_collectionpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionpoint',
            trigger=pgtrigger.compiler.Trigger(name='collection_point_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."deliverable_id" IS DISTINCT FROM (NEW."deliverable_id") OR OLD."horizon" IS DISTINCT FROM (NEW."horizon") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fabe39b07c8712aabb634f488614db364bc2211b', operation='UPDATE', pgid='pgtrigger_collection_point_fixed_bbc3a', table='campaigns_collectionpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collectionpoint',
            trigger=pgtrigger.compiler.Trigger(name='collection_point_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='edaeedc355d9980961a1802ef72fd85c54833d6a', operation='DELETE', pgid='pgtrigger_collection_point_no_delete_894f3', table='campaigns_collectionpoint', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='outcome',
            index=models.Index(fields=['deliverable', '-id'], name='outcome_newest'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.UniqueConstraint(fields=('deliverable', 'fingerprint'), name='one_outcome_per_content'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='outcome_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."deliverable_id" IS DISTINCT FROM (NEW."deliverable_id") OR OLD."collaboration_id" IS DISTINCT FROM (NEW."collaboration_id") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."platform" IS DISTINCT FROM (NEW."platform") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."price_minor" IS DISTINCT FROM (NEW."price_minor") OR OLD."fee_minor" IS DISTINCT FROM (NEW."fee_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."agreed_at" IS DISTINCT FROM (NEW."agreed_at") OR OLD."account_facts" IS DISTINCT FROM (NEW."account_facts") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."days_late" IS DISTINCT FROM (NEW."days_late") OR OLD."results" IS DISTINCT FROM (NEW."results") OR OLD."rating" IS DISTINCT FROM (NEW."rating") OR OLD."is_simulated" IS DISTINCT FROM (NEW."is_simulated") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6da8a9206595b847f4a8f02fa35f191a88eed9ab', operation='UPDATE', pgid='pgtrigger_outcome_read_only_b76e6', table='campaigns_outcome', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='outcome_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2f525b7f2b7faf781100a4a8671e7e959ab081bd', operation='DELETE', pgid='pgtrigger_outcome_no_delete_12bd3', table='campaigns_outcome', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='publication_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."deliverable_id" IS DISTINCT FROM (NEW."deliverable_id") OR OLD."url" IS DISTINCT FROM (NEW."url") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f1ba980669bb35dfbd92c1ea43ec2cb2fe8f1e9e', operation='UPDATE', pgid='pgtrigger_publication_read_only_031ac', table='campaigns_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='publication_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='263e8e6737abaa2692bea0c2fd09378c1db0699e', operation='DELETE', pgid='pgtrigger_publication_no_delete_79247', table='campaigns_publication', when='BEFORE')),
        ),
    ]
