import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('campaigns', '0004_disputes_and_reviews'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('image', 'Image'), ('pdf', 'PDF')], max_length=5)),
                ('content_type', models.CharField(max_length=40)),
                ('name', models.CharField(help_text='As shown and offered when it is saved.', max_length=120)),
                ('size', models.PositiveIntegerField(help_text='Bytes, of the rewritten file.')),
                ('sha256', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('pages', models.PositiveIntegerField(blank=True, null=True)),
                ('path', models.CharField(max_length=120, unique=True)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('height__isnull', False), ('kind', 'image'), ('pages', None), ('width__isnull', False)), models.Q(('height', None), ('kind', 'pdf'), ('pages__isnull', False), ('width', None)), _connector='OR'), name='attachment_has_its_measures')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('brand', 'The brand'), ('creator', 'The creator'), ('moderator', 'A moderator'), ('system', 'Fairground')], max_length=10)),
                ('text', models.TextField(blank=True, help_text='Empty where it only carries attachments.')),
                ('warnings', models.JSONField(blank=True, default=list, help_text='As `message_warnings` gave them when it was sent.')),
                ('client_key', models.CharField(help_text='Chosen by the sender: the same key makes no second message.', max_length=64)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['brand', 'creator'])), name='message_is_of_a_side')],
            },
        ),
        migrations.CreateModel(
            name='MessageReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('decision', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='message_decision_has_reasons')],
            },
        ),
        migrations.CreateModel(
            name='ReadMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(null=True)),
                ('mail_due_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mail_due_at__isnull', False)), fields=['mail_due_at'], name='message_mail_due')],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='uploader',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='campaigns.message'),
        ),
        migrations.AddField(
            model_name='messagereport',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='messagereport',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.message'),
        ),
        migrations.AddField(
            model_name='messagereport',
            name='reporter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readmark',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='readmark',
            name='last_read',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.message'),
        ),
        migrations.AddField(
            model_name='readmark',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_marks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['collaboration', 'id'], include=('author',), name='message_thread'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('collaboration', 'author', 'client_key'), name='one_message_per_client_key'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='message_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."collaboration_id" IS DISTINCT FROM (NEW."collaboration_id") OR OLD."side" IS DISTINCT FROM (NEW."side") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."warnings" IS DISTINCT FROM (NEW."warnings") OR OLD."client_key" IS DISTINCT FROM (NEW."client_key") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='50f7e6f68441697af21d403172827dcb6eb54aed', operation='UPDATE', pgid='pgtrigger_message_read_only_b0287', table='campaigns_message', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='message_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='45739ddb2eddfb91c8f2b2269e9f305165c1a12d', operation='DELETE', pgid='pgtrigger_message_no_delete_07636', table='campaigns_message', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('message', None)), fields=['uploaded_at'], name='attachment_unused'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='attachment_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."collaboration_id" IS DISTINCT FROM (NEW."collaboration_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."content_type" IS DISTINCT FROM (NEW."content_type") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."width" IS DISTINCT FROM (NEW."width") OR OLD."height" IS DISTINCT FROM (NEW."height") OR OLD."pages" IS DISTINCT FROM (NEW."pages") OR OLD."path" IS DISTINCT FROM (NEW."path") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6a0421e5e4b68721cb5d2e95f7b0959572f0bf4b', operation='UPDATE', pgid='pgtrigger_attachment_fixed_ced54', table='campaigns_attachment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='attachment_used_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.message_id IS NOT NULL AND NEW.message_id IS DISTINCT FROM OLD.message_id)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7975abc1ea0cbbab1202cb94b024e149a29eb0c4', operation='UPDATE', pgid='pgtrigger_attachment_used_once_bcf1f', table='campaigns_attachment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='sent_attachment_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.message_id IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8edc9f0702f74c1c51620e4b206cc0d99c1665c5', operation='DELETE', pgid='pgtrigger_sent_attachment_no_delete_d0fc7', table='campaigns_attachment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='messagereport',
            constraint=models.UniqueConstraint(fields=('message', 'reporter'), name='one_report_per_person_and_message'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='messagereport',
            trigger=pgtrigger.compiler.Trigger(name='message_report_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."message_id" IS DISTINCT FROM (NEW."message_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aa13092980a796f55a32b909978599aea4be40dd', operation='UPDATE', pgid='pgtrigger_message_report_fixed_f4d94', table='campaigns_messagereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='messagereport',
            trigger=pgtrigger.compiler.Trigger(name='legal_message_report_transition', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:upheld,open:dismissed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='73770fcb5b8dd0f6eb135b10b5ce42be39afc9a6', operation='UPDATE', pgid='pgtrigger_legal_message_report_transition_2e16a', table='campaigns_messagereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='messagereport',
            trigger=pgtrigger.compiler.Trigger(name='message_report_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0e61cac11a0ab65a99c8feb1c79a9cedff6b920a', operation='DELETE', pgid='pgtrigger_message_report_no_delete_0a8cb', table='campaigns_messagereport', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='readmark',
            constraint=models.UniqueConstraint(fields=('collaboration', 'user'), name='one_read_mark_per_person'),
        ),
    ]
