from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0008_saved_searches")]

    operations = []
