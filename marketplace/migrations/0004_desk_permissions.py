from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0003_post_score_permission"),
        ("campaigns", "0007_full_briefs"),
    ]

    operations = []
