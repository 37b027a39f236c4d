"""Every word of the catalogue once, for typing errors: likeness is looked for among words, not among listings.

No model: it is an index that PostgreSQL cannot make by itself. Kept by the service that keeps search documents; a
word that no listing has any more does no harm. It says nothing of who may see what: results come from what one may
see alone.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE TABLE sharing_word (word text PRIMARY KEY);
CREATE INDEX sharing_word_letters ON sharing_word USING gin (word gin_trgm_ops);
INSERT INTO sharing_word (word)
SELECT DISTINCT word FROM sharing_resource, unnest(string_to_array(search_words, ' ')) AS word
WHERE length(word) BETWEEN 4 AND 40;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0003_numbers_searched")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, "DROP TABLE sharing_word")]
