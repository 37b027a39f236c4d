"""The event log and its parties cannot be changed: not by a mistake of ours, not by hand."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION event_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'cooperative_event' THEN
        -- Erasing a person sets the actor to null and touches nothing else.
        IF NEW.actor_id IS NULL
            AND (to_jsonb(NEW) - 'actor_id') = (to_jsonb(OLD) - 'actor_id') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON cooperative_event
    FOR EACH ROW EXECUTE FUNCTION event_log_refuse();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON cooperative_event
    FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse();
CREATE TRIGGER event_party_append_only BEFORE UPDATE OR DELETE ON cooperative_eventparty
    FOR EACH ROW EXECUTE FUNCTION event_log_refuse();
CREATE TRIGGER event_party_no_truncate BEFORE TRUNCATE ON cooperative_eventparty
    FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse();
"""

BACKWARD = """
DROP TRIGGER event_append_only ON cooperative_event;
DROP TRIGGER event_no_truncate ON cooperative_event;
DROP TRIGGER event_party_append_only ON cooperative_eventparty;
DROP TRIGGER event_party_no_truncate ON cooperative_eventparty;
DROP FUNCTION event_log_refuse();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cooperative", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
