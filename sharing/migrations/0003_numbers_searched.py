"""Indexes for the few numbers that people search by; choices and yes/no are found by the GIN index."""

from typing import ClassVar

from django.db import migrations

CODES = ("people", "area", "beds")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0002_catalogue")]

    operations: ClassVar = [
        migrations.RunSQL(
            f"CREATE INDEX resource_number_{code} ON sharing_resource ((attributes -> '{code}'))",
            f"DROP INDEX resource_number_{code}",
        )
        for code in CODES
    ]
