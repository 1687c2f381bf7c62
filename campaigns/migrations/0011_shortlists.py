from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_briefs_for_matching")]

    operations = []
