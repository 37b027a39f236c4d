import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField("delivery", "urgent", models.BooleanField(default=False)),
        migrations.AddField("delivery", "about", models.UUIDField(blank=True, null=True)),
        migrations.AddField("delivery", "gathers", models.CharField(blank=True, max_length=20)),
        migrations.AddField(
            "delivery",
            "told_with",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="along",
                to="notifications.delivery",
            ),
        ),
    ]
