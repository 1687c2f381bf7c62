"""Market prices, rates of exchange and what was learned from them."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_alerts_and_market_jobs'),
        ('accounts', '__first__'),
        ('campaigns', '0011_shortlists'),
        ('scoring', '0010_half_precision_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='CurrencyRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.CharField(max_length=3, verbose_name='from')),
                ('quote', models.CharField(max_length=3, verbose_name='to')),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20)),
                ('day', models.DateField()),
                ('source', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', 'base', 'quote', '-pk'],
                'indexes': [models.Index(fields=['base', 'quote', '-day', '-id'], name='currency_rate_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('rate__gt', Decimal('0'))), name='currency_rate_above_zero'), models.CheckConstraint(condition=models.Q(('base', models.F('quote')), _negated=True), name='currency_rate_between_two')],
            },
        ),
        migrations.CreateModel(
            name='MarketPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('creator_key', models.CharField(max_length=80)),
                ('platform', models.CharField(choices=[('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('twitter', 'Twitter'), ('douyin', 'Douyin')], max_length=12)),
                ('deliverable', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('asked', 'Asked'), ('agreed', 'Agreed')], max_length=6)),
                ('price_minor', models.BigIntegerField(null=True)),
                ('currency', models.CharField(max_length=3)),
                ('priced_on', models.DateField()),
                ('followers', models.BigIntegerField(null=True)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('provenance', models.CharField(choices=[('measured', 'Measured'), ('creator', 'Given by the creator'), ('imported', 'Imported'), ('estimated', 'Estimated'), ('simulated', 'Simulated')], max_length=10)),
                ('is_simulated', models.BooleanField()),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='market_prices', to='accounts.socialaccount')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-priced_on', '-pk'],
                'indexes': [models.Index(fields=['creator_key', 'platform', 'deliverable', '-priced_on', '-id'], name='market_price_newest'), models.Index(fields=['platform', 'deliverable', 'is_simulated', 'followers'], name='market_price_comparable')],
                'constraints': [models.CheckConstraint(condition=models.Q(('price_minor', None), models.Q(('price_minor__gt', 0), ('price_minor__lte', 1000000000000)), _connector='OR'), name='market_price_in_range'), models.CheckConstraint(condition=models.Q(('followers', None), ('followers__gt', 0), _connector='OR'), name='market_price_followers_above_zero'), models.CheckConstraint(condition=models.Q(models.Q(('creator_key', ''), _negated=True), models.Q(('deliverable', ''), _negated=True), models.Q(('currency', ''), _negated=True)), name='market_price_names_what_it_is_for')],
            },
        ),
        migrations.CreateModel(
            name='PriceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model_version', models.CharField(max_length=60)),
                ('platform', models.CharField(choices=[('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('twitter', 'Twitter'), ('douyin', 'Douyin')], max_length=12)),
                ('kind', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
                ('price_minor', models.BigIntegerField()),
                ('low_minor', models.BigIntegerField()),
                ('suggested_minor', models.BigIntegerField()),
                ('high_minor', models.BigIntegerField()),
                ('nominal', models.FloatField(help_text='The share of prices the range was meant to hold.')),
                ('is_simulated', models.BooleanField()),
                ('agreed_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('deliverable', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='price_checks', to='campaigns.deliverable')),
                ('market_price', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='scoring.marketprice')),
            ],
            options={
                'ordering': ['agreed_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('deliverable', None), ('market_price__isnull', False)), models.Q(('deliverable__isnull', False), ('market_price', None)), _connector='OR'), name='price_check_is_about_one'), models.UniqueConstraint(fields=('deliverable',), name='one_price_check_per_piece'), models.UniqueConstraint(fields=('market_price',), name='one_price_check_per_price')],
            },
        ),
        migrations.CreateModel(
            name='PriceImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('layout', models.CharField(max_length=20)),
                ('source', models.CharField(help_text='Where the prices come from, in words.', max_length=200)),
                ('rows', models.IntegerField()),
                ('added', models.IntegerField()),
                ('repeated', models.IntegerField(help_text='Prices that were known already, or twice in it.')),
                ('is_simulated', models.BooleanField()),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='marketprice',
            name='imported',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='scoring.priceimport'),
        ),
        migrations.CreateModel(
            name='PriceModelState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_simulated', models.BooleanField()),
                ('serves', models.BooleanField(help_text='Whether it answers; not where it did worse than the one before.')),
                ('why', models.CharField(help_text='The figures behind it, in words.', max_length=400)),
                ('fingerprint', models.CharField(help_text='SHA-256 of the prices read.', max_length=64)),
                ('rows', models.IntegerField()),
                ('creators', models.IntegerField()),
                ('learned_through', models.DateField(help_text='The day of the newest price read.')),
                ('markets', models.JSONField(default=list)),
                ('figures', models.JSONField(default=dict, help_text='On creators not trained on.')),
                ('files', models.JSONField()),
                ('sha256', models.CharField(help_text='Of the files.', max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'get_latest_by': 'id',
                'constraints': [models.CheckConstraint(condition=models.Q(('creators__gte', 0), ('rows__gte', 0)), name='price_state_counts')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricemodelstate',
            trigger=pgtrigger.compiler.Trigger(name='price_state_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='36d85e199496af3c49c8a041e701b17a97ad4e8b', operation='UPDATE', pgid='pgtrigger_price_state_append_only_e2cd0', table='scoring_pricemodelstate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='currencyrate',
            trigger=pgtrigger.compiler.Trigger(name='currency_rate_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."base" IS DISTINCT FROM (NEW."base") OR OLD."quote" IS DISTINCT FROM (NEW."quote") OR OLD."rate" IS DISTINCT FROM (NEW."rate") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."given_at" IS DISTINCT FROM (NEW."given_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e3c6b5a3856878dbe9f5240cd78bcc1d297b9299', operation='UPDATE', pgid='pgtrigger_currency_rate_read_only_d5caf', table='scoring_currencyrate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricecheck',
            trigger=pgtrigger.compiler.Trigger(name='price_check_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c8534bbb45f767cd5122ebbe961cc4d07d93f655', operation='UPDATE', pgid='pgtrigger_price_check_append_only_ebe4e', table='scoring_pricecheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketprice',
            trigger=pgtrigger.compiler.Trigger(name='market_price_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."creator_key" IS DISTINCT FROM (NEW."creator_key") OR OLD."platform" IS DISTINCT FROM (NEW."platform") OR OLD."deliverable" IS DISTINCT FROM (NEW."deliverable") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."price_minor" IS DISTINCT FROM (NEW."price_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."priced_on" IS DISTINCT FROM (NEW."priced_on") OR OLD."followers" IS DISTINCT FROM (NEW."followers") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."provenance" IS DISTINCT FROM (NEW."provenance") OR OLD."is_simulated" IS DISTINCT FROM (NEW."is_simulated") OR OLD."imported_id" IS DISTINCT FROM (NEW."imported_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='298d233cd1d5da3a87c3da2c91a025d04bd65da7', operation='UPDATE', pgid='pgtrigger_market_price_read_only_0fbbf', table='scoring_marketprice', when='BEFORE')),
        ),
    ]
