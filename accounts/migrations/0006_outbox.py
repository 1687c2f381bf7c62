import accounts.models.outbox
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_moderation_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.UUIDField(default=accounts.models.outbox.time_ordered_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(help_text='At most one event under each key.', max_length=120, null=True, unique=True)),
                ('kind', models.CharField(max_length=80)),
                ('category', models.CharField(choices=[('work', 'What the other side does'), ('money', 'Money'), ('deadlines', 'Deadlines'), ('messages', 'Messages'), ('results', 'Reviews and results'), ('disputes', 'Disputes'), ('moderation', 'Decisions of moderators'), ('technical', 'Webhooks')], max_length=12)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('payload', models.JSONField(default=dict)),
                ('letter', models.JSONField(help_text="The e-mail's words, where no template has any.", null=True)),
                ('brand_roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('to_creator', models.BooleanField(default=False)),
                ('to_users', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('spread_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('brand', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.brand')),
                ('creator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.creator')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('spread_at__isnull', True)), fields=['created_at'], name='event_to_spread'), models.Index(fields=['subject_type', 'subject_id'], name='event_subject')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=500)),
                ('secret', models.CharField(max_length=80)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('disabled_reason', models.CharField(blank=True, max_length=300)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brand', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='accounts.brand')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('creator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='accounts.creator')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('brand__isnull', True), ('creator__isnull', True), _connector='XOR'), name='endpoint_has_one_owner'), models.UniqueConstraint(fields=('brand', 'creator', 'url'), name='one_endpoint_per_address', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='OutboxDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_digest', models.BooleanField(default=False)),
                ('batch', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('pending', 'On its way'), ('delivered', 'Delivered'), ('failed', 'Given up'), ('dropped', 'Not wanted any more')], default='pending', max_length=9)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('give_up_at', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, max_length=700)),
                ('status_code', models.PositiveSmallIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='accounts.outboxevent')),
                ('endpoint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='accounts.webhookendpoint')),
            ],
            options={
                'verbose_name_plural': 'outbox deliveries',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at'], name='delivery_due'), models.Index(fields=['endpoint', '-id'], name='delivery_of_endpoint'), models.Index(condition=models.Q(('state', 'failed')), fields=['-id'], name='delivery_failed')],
                'constraints': [models.UniqueConstraint(fields=('event', 'user'), name='one_mail_per_event'), models.UniqueConstraint(fields=('event', 'endpoint'), name='one_post_per_event'), models.CheckConstraint(condition=models.Q(('user__isnull', True), ('endpoint__isnull', True), _connector='XOR'), name='delivery_has_one_receiver'), models.CheckConstraint(condition=models.Q(('state', 'pending'), ('next_attempt_at__isnull', True), _connector='XOR'), name='pending_falls_due'), models.CheckConstraint(condition=models.Q(('state', 'delivered'), ('delivered_at__isnull', True), _connector='XOR'), name='delivered_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='NotificationPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('work', 'What the other side does'), ('money', 'Money'), ('deadlines', 'Deadlines'), ('messages', 'Messages'), ('results', 'Reviews and results'), ('disputes', 'Disputes'), ('moderation', 'Decisions of moderators'), ('technical', 'Webhooks')], max_length=12)),
                ('pace', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('never', 'Never')], max_length=8)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'category'), name='one_pace_per_category')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxevent',
            trigger=pgtrigger.compiler.Trigger(name='outbox_event_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."subject_type" IS DISTINCT FROM (NEW."subject_type") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."payload" IS DISTINCT FROM (NEW."payload") OR OLD."letter" IS DISTINCT FROM (NEW."letter") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."creator_id" IS DISTINCT FROM (NEW."creator_id") OR OLD."brand_roles" IS DISTINCT FROM (NEW."brand_roles") OR OLD."to_creator" IS DISTINCT FROM (NEW."to_creator") OR OLD."to_users" IS DISTINCT FROM (NEW."to_users") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='655deb4830fdcd4aac955045bc08fc78c7dcd392', operation='UPDATE', pgid='pgtrigger_outbox_event_read_only_39724', table='accounts_outboxevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxdelivery',
            trigger=pgtrigger.compiler.Trigger(name='delivery_transitions', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{pending:delivered,pending:failed,pending:dropped,failed:pending}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='c9aca141d0d711b81d87db93242eeb0a9ab99fea', operation='UPDATE', pgid='pgtrigger_delivery_transitions_b8ac0', table='accounts_outboxdelivery', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxdelivery',
            trigger=pgtrigger.compiler.Trigger(name='delivery_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."endpoint_id" IS DISTINCT FROM (NEW."endpoint_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bdae8551bee6fd7f831e453dbebb2cdca32c15d8', operation='UPDATE', pgid='pgtrigger_delivery_fixed_714ed', table='accounts_outboxdelivery', when='BEFORE')),
        ),
    ]
