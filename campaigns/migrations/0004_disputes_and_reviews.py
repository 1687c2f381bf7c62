import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_outbox'),
        ('accounts', '__first__'),
        ('campaigns', '0003_payments'),
    ]

    operations = [
        migrations.CreateModel(
            name='DecisionProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('resume', 'It goes on as agreed; no money moves'), ('settle', 'It ends here, and the money is divided')], max_length=10)),
                ('creator_minor', models.BigIntegerField(default=0)),
                ('fee_minor', models.BigIntegerField(default=0)),
                ('brand_minor', models.BigIntegerField(default=0)),
                ('clawbacks', models.JSONField(blank=True, default=dict)),
                ('reasons', models.TextField(help_text='Both sides read them once the decision is confirmed.')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('outcome', models.CharField(blank=True, choices=[('confirmed', 'Confirmed'), ('sent_back', 'Sent back'), ('dropped', 'Dropped, since the dispute was withdrawn')], max_length=10)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('review_note', models.TextField(blank=True, help_text='Why it was sent back; for the desk.')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('brand_minor__gte', 0), ('creator_minor__gte', 0), ('fee_minor__gte', 0)), name='proposal_parts_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('reviewed_at', None)), models.Q(models.Q(('outcome', ''), _negated=True), ('reviewed_at__isnull', False)), _connector='OR'), name='proposal_reviewed_with_time')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(choices=[('invited', 'Invited'), ('applied', 'Applied'), ('negotiating', 'Negotiating'), ('agreed', 'Agreed, to be signed'), ('signed', 'Signed, to be funded'), ('active', 'Active'), ('cancel_requested', 'Cancellation asked for'), ('disputed', 'In dispute'), ('completed', 'Completed'), ('closed', 'Closed'), ('settled', 'Settled by decision'), ('cancelled', 'Cancelled'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('rejected', 'Rejected'), ('expired', 'Expired')], max_length=16)),
                ('left_of_deadline', models.DurationField(blank=True, null=True)),
                ('opened_side', models.CharField(choices=[('brand', 'The brand'), ('creator', 'The creator'), ('moderator', 'A moderator'), ('system', 'Fairground')], max_length=10)),
                ('category', models.CharField(choices=[('not_delivered', 'Not delivered, or late'), ('not_as_agreed', 'Not what was agreed'), ('disclosure', 'Advertising not disclosed'), ('taken_down', 'Taken down or changed after publication'), ('changed_demands', 'Asks for more than was agreed'), ('usage', 'Used beyond the agreed rights'), ('payment', 'Payment'), ('conduct', 'Conduct'), ('other', 'Something else')], max_length=20)),
                ('text', models.TextField()),
                ('links', django.contrib.postgres.fields.ArrayField(base_field=models.URLField(max_length=500), blank=True, default=list, size=None)),
                ('positions', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                ('state', models.CharField(choices=[('open', 'Waits for a decision'), ('proposed', 'A decision waits to be confirmed'), ('resumed', 'Decided: it goes on'), ('settled', 'Decided: the money is divided'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('evidence_until', models.DateTimeField()),
                ('decide_by', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('decide_dispute', 'Can propose decisions of disputes'), ('confirm_dispute', 'Can confirm decisions of disputes, as the finance desk')],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('state__in', ['open', 'proposed'])), fields=['decide_by'], name='dispute_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('opened_side__in', ['brand', 'creator'])), name='dispute_is_opened_by_a_side'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['open', 'proposed'])), models.Q(models.Q(('state__in', ['open', 'proposed']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='dispute_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='DisputeStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('evidence', 'Evidence')], max_length=10)),
                ('side', models.CharField(choices=[('brand', 'The brand'), ('creator', 'The creator'), ('moderator', 'A moderator'), ('system', 'Fairground')], max_length=10)),
                ('text', models.TextField()),
                ('links', django.contrib.postgres.fields.ArrayField(base_field=models.URLField(max_length=500), blank=True, default=list, size=None)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['brand', 'creator'])), name='statement_is_of_a_side')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('brand', 'The brand'), ('creator', 'The creator'), ('moderator', 'A moderator'), ('system', 'Fairground')], max_length=10)),
                ('rating', models.PositiveSmallIntegerField()),
                ('aspects', models.JSONField(blank=True, default=dict)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_reason', models.TextField(blank=True, help_text='Both sides read it.')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('hide_review', 'Can hide reviews')],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='review_rates_1_to_5'), models.CheckConstraint(condition=models.Q(('side__in', ['brand', 'creator'])), name='review_is_of_a_side'), models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_reason', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_reason', ''), _negated=True)), _connector='OR'), name='hidden_review_has_a_reason')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='collaboration',
            name='legal_transition',
        ),
        migrations.AddField(
            model_name='collaboration',
            name='stood_still',
            field=models.DurationField(default=datetime.timedelta, help_text="How long cancelling was asked for or a dispute open; the contract's dates of what is not done move by it."),
        ),
        migrations.AlterField(
            model_name='collaboration',
            name='acting_side',
            field=models.CharField(blank=True, choices=[('brand', 'The brand'), ('creator', 'The creator'), ('both', 'Both sides'), ('moderator', 'The moderators')], max_length=10),
        ),
        migrations.AlterField(
            model_name='deliverable',
            name='acting_side',
            field=models.CharField(blank=True, choices=[('brand', 'The brand'), ('creator', 'The creator'), ('both', 'Both sides'), ('moderator', 'The moderators')], max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='collaboration',
            trigger=pgtrigger.compiler.Trigger(name='legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{active:cancel_requested,active:completed,active:disputed,agreed:expired,agreed:signed,applied:declined,applied:expired,applied:negotiating,applied:rejected,applied:withdrawn,cancel_requested:active,cancel_requested:cancelled,cancel_requested:disputed,completed:closed,completed:disputed,disputed:active,disputed:completed,disputed:settled,invited:declined,invited:expired,invited:negotiating,invited:withdrawn,negotiating:agreed,negotiating:declined,negotiating:expired,negotiating:negotiating,negotiating:withdrawn,signed:active,signed:cancelled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='233c2942e79eceda8965237fdd5f0a4227f8901e', operation='UPDATE', pgid='pgtrigger_legal_transition_5a64a', table='campaigns_collaboration', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='decisionproposal',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decisionproposal',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dispute',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decisionproposal',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='campaigns.dispute'),
        ),
        migrations.AddField(
            model_name='disputestatement',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='disputestatement',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='campaigns.dispute'),
        ),
        migrations.AddField(
            model_name='review',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='collaboration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='campaigns.collaboration'),
        ),
        migrations.AddField(
            model_name='review',
            name='hidden_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'proposed'])), fields=('collaboration',), name='one_live_dispute'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='legal_dispute_transition', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:proposed,open:withdrawn,proposed:open,proposed:resumed,proposed:settled,proposed:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8cf50c7ec19501546b13b5669dcd3ee4c2a7461d', operation='UPDATE', pgid='pgtrigger_legal_dispute_transition_10184', table='campaigns_dispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='dispute_claim_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."collaboration_id" IS DISTINCT FROM (NEW."collaboration_id") OR OLD."from_state" IS DISTINCT FROM (NEW."from_state") OR OLD."left_of_deadline" IS DISTINCT FROM (NEW."left_of_deadline") OR OLD."opened_side" IS DISTINCT FROM (NEW."opened_side") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."links" IS DISTINCT FROM (NEW."links") OR OLD."positions" IS DISTINCT FROM (NEW."positions") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."evidence_until" IS DISTINCT FROM (NEW."evidence_until") OR OLD."decide_by" IS DISTINCT FROM (NEW."decide_by"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5715c489eaf161e3c6fabf77efc36b0378c32fad', operation='UPDATE', pgid='pgtrigger_dispute_claim_fixed_97148', table='campaigns_dispute', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dispute',
            trigger=pgtrigger.compiler.Trigger(name='dispute_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='034a1c010633eaa5a0286eb52cb10feef5a5fc6a', operation='DELETE', pgid='pgtrigger_dispute_no_delete_666ff', table='campaigns_dispute', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='decisionproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('dispute',), name='one_proposal_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='decisionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', None), ('reviewed_by', None), models.Q(('proposed_by', models.F('reviewed_by')), _negated=True), _connector='OR'), name='proposal_has_two_people'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decisionproposal',
            trigger=pgtrigger.compiler.Trigger(name='proposal_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."dispute_id" IS DISTINCT FROM (NEW."dispute_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."creator_minor" IS DISTINCT FROM (NEW."creator_minor") OR OLD."fee_minor" IS DISTINCT FROM (NEW."fee_minor") OR OLD."brand_minor" IS DISTINCT FROM (NEW."brand_minor") OR OLD."clawbacks" IS DISTINCT FROM (NEW."clawbacks") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a9b21f33cecd0c8be5feda4eac4e3be8aae36935', operation='UPDATE', pgid='pgtrigger_proposal_fixed_0194b', table='campaigns_decisionproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decisionproposal',
            trigger=pgtrigger.compiler.Trigger(name='legal_proposal_outcome', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."outcome", \':\', NEW."outcome") = ANY(\'{:confirmed,:sent_back,:dropped}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."outcome" IS DISTINCT FROM NEW."outcome") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "outcome" from "%" to "%" on table %\', OLD."outcome", NEW."outcome", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='5d49211fb45ffe26d20df1e0edf7649a6b7f752d', operation='UPDATE', pgid='pgtrigger_legal_proposal_outcome_c348c', table='campaigns_decisionproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decisionproposal',
            trigger=pgtrigger.compiler.Trigger(name='proposal_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e738ba41beb23cdd8af47ecafec8fd729bb864bd', operation='DELETE', pgid='pgtrigger_proposal_no_delete_99375', table='campaigns_decisionproposal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='disputestatement',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'answer')), fields=('dispute',), name='one_answer_per_dispute'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disputestatement',
            trigger=pgtrigger.compiler.Trigger(name='statement_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."dispute_id" IS DISTINCT FROM (NEW."dispute_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."side" IS DISTINCT FROM (NEW."side") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."links" IS DISTINCT FROM (NEW."links") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a5cc075760bb0e50d5f0c258dfcb90093c145d44', operation='UPDATE', pgid='pgtrigger_statement_read_only_7f5b7', table='campaigns_disputestatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disputestatement',
            trigger=pgtrigger.compiler.Trigger(name='statement_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='6e41f919f5cc9828fbf1b325e3121e739155832c', operation='DELETE', pgid='pgtrigger_statement_no_delete_bb339', table='campaigns_disputestatement', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('hidden_at', None), ('published_at__isnull', False)), fields=['collaboration', 'side'], name='review_shown'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('collaboration', 'side'), name='one_review_per_side'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."collaboration_id" IS DISTINCT FROM (NEW."collaboration_id") OR OLD."side" IS DISTINCT FROM (NEW."side") OR OLD."rating" IS DISTINCT FROM (NEW."rating") OR OLD."aspects" IS DISTINCT FROM (NEW."aspects") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2fe846f4ffb464994c1667101cebfa22d40ca9fc', operation='UPDATE', pgid='pgtrigger_review_read_only_6b3fb', table='campaigns_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_published_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2bb8b06900208b47c47b4b630ba7fbabcf37a948', operation='UPDATE', pgid='pgtrigger_review_published_once_2fc0c', table='campaigns_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f32242e7b1ae7d14e84c5c40e0bf8ce41766d222', operation='DELETE', pgid='pgtrigger_review_no_delete_0213c', table='campaigns_review', when='BEFORE')),
        ),
    ]
