import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgvector.django.vector
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0008_saved_searches")]

    operations = [
        migrations.CreateModel(
            name="NicheGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="NicheClustering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("k", models.IntegerField(help_text="How many groups.")),
                (
                    "k_was_chosen",
                    models.BooleanField(help_text="By the silhouette, rather than by a person."),
                ),
                ("seed", models.BigIntegerField()),
                ("encoder_version", models.CharField(max_length=80)),
                ("input_hash", models.CharField(max_length=64)),
                (
                    "accounts",
                    models.IntegerField(
                        help_text="Accounts with a text vector, which were grouped."
                    ),
                ),
                ("without_text", models.IntegerField(help_text="Accounts with nothing to read.")),
                ("figures", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(k__range=(2, 400)), name="niche_clustering_k"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NicheCentre",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vector", pgvector.django.vector.VectorField(dimensions=384)),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("creators", models.IntegerField(default=0)),
                ("accounts", models.IntegerField(default=0)),
                ("accounts_by_platform", models.JSONField(default=dict)),
                ("median_followers", models.FloatField(null=True)),
                ("median_engagement_rate", models.FloatField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                (
                    "clustering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="centres",
                        to="scoring.nicheclustering",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="centres",
                        to="scoring.nichegroup",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("clustering", "group"), name="one_centre_a_run")
                ],
            },
        ),
        migrations.CreateModel(
            name="NicheMembership",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="niche_membership",
                        serialize=False,
                        to="scoring.searchentry",
                    ),
                ),
                (
                    "distance",
                    models.FloatField(help_text="From the centre, in the space of unit vectors."),
                ),
                ("text_hash", models.CharField(max_length=64)),
                (
                    "clustering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="scoring.nicheclustering",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="scoring.nichegroup",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["group", "distance"], name="niche_membership_nearest")
                ],
            },
        ),
    ]
