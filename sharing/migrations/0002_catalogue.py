"""The catalogue that we ship. Idempotent, so that a later version of it is loaded by one line."""

from typing import Any, ClassVar

from django.db import migrations

from sharing import catalogue


def load(apps: Any, schema_editor: Any) -> None:
    catalogue.load(apps)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0001_initial")]

    operations: ClassVar = [migrations.RunPython(load, migrations.RunPython.noop)]
