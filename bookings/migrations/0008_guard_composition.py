"""What raw writers could still do to wholes, sessions and months: circles closed far apart, a kind or an owner changed
beside parts, one resource counted in two ways, a full session emptied by `size_from`, months that overlap.

Constraint names besides those of 0006: `capacity_one_counts`, `capacity_exclusive_stands`, `capacity_periods_apart`,
`session_agrees`. What no trigger can know is when a promise lies in the future: `audit_bookings` proves the rest.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = """
-- Everything below a resource, at whatever depth, and the resource itself.
CREATE FUNCTION resource_tree(whole bigint) RETURNS TABLE (resource_id bigint) LANGUAGE sql STABLE ROWS 2 AS $$
    WITH RECURSIVE down (id) AS (
        SELECT whole
        UNION
        SELECT below.part_id FROM down JOIN sharing_resourcepart below ON below.whole_id = down.id
    )
    SELECT id FROM down
$$;

CREATE OR REPLACE FUNCTION resource_leaves(whole bigint)
RETURNS TABLE (capacity_id bigint, resource_id bigint, units bigint)
LANGUAGE plpgsql STABLE ROWS 2 AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sharing_resourcepart AS part WHERE part.whole_id = whole) THEN
        RETURN QUERY SELECT c.id, c.resource_id, 1::bigint
            FROM bookings_capacity c JOIN sharing_resource r ON r.id = c.resource_id
            WHERE c.resource_id = whole AND c.span IS NULL AND c.mode = standing_mode(r.kind);
        RETURN;
    END IF;
    -- Numeric: units multiply along a path. CYCLE: a circle must end the walk, not the server.
    RETURN QUERY
    WITH RECURSIVE tree (id, units) AS (
        SELECT whole, 1::numeric
        UNION ALL
        SELECT part.part_id, tree.units * part.units
        FROM tree JOIN sharing_resourcepart part ON part.whole_id = tree.id
    ) CYCLE id SET again USING path
    SELECT c.id, c.resource_id, least(sum(tree.units), 2147483647)::bigint
    FROM tree JOIN sharing_resource r ON r.id = tree.id
    JOIN bookings_capacity c ON c.resource_id = r.id AND c.span IS NULL AND c.mode = standing_mode(r.kind)
    WHERE NOT tree.again AND NOT EXISTS (SELECT FROM sharing_resourcepart deeper WHERE deeper.whole_id = tree.id)
    GROUP BY c.id, c.resource_id;
END $$;

-- All compositions of one house queue at one row: two parts far apart can close a circle together. First that row, then
-- the capacities in id order; at the stricter levels the later writer gets 40001.
CREATE OR REPLACE FUNCTION part_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    house bigint;
    standing record;
BEGIN
    SELECT owner_id INTO house FROM sharing_resource
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.whole_id ELSE NEW.whole_id END;
    IF house IS NOT NULL THEN
        INSERT INTO bookings_composition AS c (owner_id) VALUES (house)
            ON CONFLICT (owner_id) DO UPDATE SET version = c.version + 1;
    END IF;
    FOR standing IN SELECT c.id FROM bookings_capacity c WHERE c.span IS NULL AND c.resource_id IN (
                SELECT resource_id FROM resource_wholes(NEW.whole_id) WHERE TG_OP <> 'DELETE'
                UNION SELECT resource_id FROM resource_tree(NEW.part_id) WHERE TG_OP <> 'DELETE'
                UNION SELECT resource_id FROM resource_wholes(OLD.whole_id) WHERE TG_OP <> 'INSERT')
            ORDER BY c.id LOOP
        UPDATE bookings_capacity SET version = version + 1 WHERE id = standing.id;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    -- Said of what is there: the foreign keys are deferred, and a resource may come after its part.
    IF NOT EXISTS (SELECT FROM sharing_resource whole JOIN sharing_resource part ON part.owner_id = whole.owner_id
            WHERE whole.id = NEW.whole_id AND part.id = NEW.part_id AND whole.owner_id = house
            AND whole.kind = 'exclusive' AND part.kind IN ('exclusive', 'pooled')
            AND EXISTS (SELECT FROM bookings_capacity WHERE resource_id = whole.id AND span IS NULL)
            AND EXISTS (SELECT FROM bookings_capacity WHERE resource_id = part.id AND span IS NULL)) THEN
        RAISE EXCEPTION 'a part has the owner of the whole, and is a thing or a number of things'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_another_house';
    END IF;
    IF EXISTS (SELECT FROM bookings_capacity WHERE resource_id = NEW.whole_id AND size > 0) THEN
        RAISE EXCEPTION 'a whole has no time of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'whole_has_no_time';
    END IF;
    IF NEW.whole_id = NEW.part_id
            OR EXISTS (SELECT FROM resource_wholes(NEW.whole_id) WHERE resource_id = NEW.part_id) THEN
        RAISE EXCEPTION 'nothing is a part of itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_in_a_circle';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER part_guard ON sharing_resourcepart;
CREATE TRIGGER part_guard BEFORE INSERT OR DELETE OR UPDATE OF whole_id, part_id, units ON sharing_resourcepart
    FOR EACH ROW EXECUTE FUNCTION part_guard();

-- A new row has nothing to queue at, so its writer queues at the standing capacities, as writers of parts do.
CREATE OR REPLACE FUNCTION whole_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    standing record;
BEGIN
    IF NEW.size = 0 THEN
        RETURN NEW;
    END IF;
    FOR standing IN SELECT id FROM bookings_capacity
            WHERE resource_id = NEW.resource_id AND span IS NULL AND id <> NEW.id ORDER BY id LOOP
        UPDATE bookings_capacity SET version = version + 1 WHERE id = standing.id;
    END LOOP;
    IF EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.resource_id) THEN
        RAISE EXCEPTION 'a whole has no time of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'whole_has_no_time';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER whole_guard ON bookings_capacity;
CREATE TRIGGER whole_guard BEFORE INSERT OR UPDATE OF size, resource_id, span ON bookings_capacity
    FOR EACH ROW EXECUTE FUNCTION whole_guard();

CREATE FUNCTION composed_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    standing record;
BEGIN
    IF NEW.kind = OLD.kind AND NEW.owner_id = OLD.owner_id THEN
        RETURN NEW;
    END IF;
    FOR standing IN SELECT id FROM bookings_capacity WHERE resource_id = NEW.id AND span IS NULL ORDER BY id LOOP
        UPDATE bookings_capacity SET version = version + 1 WHERE id = standing.id;
    END LOOP;
    IF EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.id OR part_id = NEW.id) THEN
        RAISE EXCEPTION 'what has parts, or is one, keeps its kind and its owner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_another_house';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER composed_guard BEFORE UPDATE OF kind, owner_id ON sharing_resource
    FOR EACH ROW EXECUTE FUNCTION composed_guard();

-- One way to count a resource at a time; months of one resource do not overlap.
CREATE UNIQUE INDEX capacity_one_counts ON bookings_capacity (resource_id) WHERE span IS NULL AND size > 0;
ALTER TABLE bookings_capacity ADD CONSTRAINT capacity_exclusive_stands CHECK (mode <> 'exclusive' OR span IS NULL);
ALTER TABLE bookings_capacity ADD CONSTRAINT capacity_periods_apart
    EXCLUDE USING gist (resource_id WITH =, span WITH &&) WHERE (mode = 'total' AND span IS NOT NULL);

CREATE OR REPLACE FUNCTION capacity_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    promised bigint;
BEGIN
    IF NEW.mode <> OLD.mode OR NEW.resource_id <> OLD.resource_id
            OR (NEW.span IS NULL) <> (OLD.span IS NULL) THEN
        RAISE EXCEPTION 'a capacity keeps its mode, its resource and whether it has a time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    IF NEW.span IS DISTINCT FROM OLD.span AND EXISTS (
            SELECT 1 FROM bookings_claim k WHERE k.mode = NEW.mode AND capacity_id = NEW.id
                AND (CASE WHEN NEW.mode = 'peak' THEN k.span <> NEW.span ELSE NOT NEW.span @> k.span END)) THEN
        RAISE EXCEPTION 'claims would lie outside the session or period'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    -- A size that does not shrink, from no earlier an instant, breaks no promise.
    IF NEW.size >= OLD.size AND NEW.size_from >= OLD.size_from THEN
        RETURN NEW;
    END IF;
    -- A session is one time: no instant inside it from which another number holds.
    promised := capacity_taken(NEW.id, NEW.mode,
        CASE WHEN NEW.span IS NULL THEN tstzrange(NEW.size_from, NULL) ELSE NEW.span END, NULL);
    IF promised > NEW.size THEN
        RAISE EXCEPTION 'more is promised than would be there: % of %', promised, NEW.size
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    RETURN NEW;
END $$;

-- A session has its capacity's resource and time. Deferred: both move in one commit.
CREATE FUNCTION session_agrees() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF EXISTS (SELECT FROM bookings_seatedsession s JOIN bookings_capacity c ON c.id = s.capacity_id
            WHERE (CASE TG_TABLE_NAME WHEN 'bookings_capacity' THEN c.id ELSE s.id END) = NEW.id
            AND (c.resource_id <> s.resource_id OR c.mode <> 'peak'
                OR c.span IS DISTINCT FROM tstzrange(s.starts_at, s.ends_at))) THEN
        RAISE EXCEPTION 'a session has the resource and the time of its capacity'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER session_agrees AFTER INSERT OR UPDATE OF capacity_id, resource_id, starts_at, ends_at
    ON bookings_seatedsession DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION session_agrees();
CREATE CONSTRAINT TRIGGER session_agrees AFTER UPDATE OF span
    ON bookings_capacity DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION session_agrees();

CREATE OR REPLACE FUNCTION claim_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    place record;
    taken bigint;
BEGIN
    IF NEW.span IS NULL OR isempty(NEW.span) OR lower_inf(NEW.span) OR upper_inf(NEW.span) THEN
        RAISE EXCEPTION 'a claim needs a bounded span' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'claim_span_sane';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id < NEW.capacity_id THEN
        UPDATE bookings_capacity SET version = version + 1 WHERE id = OLD.capacity_id;
    END IF;
    UPDATE bookings_capacity SET version = version + 1 WHERE id = NEW.capacity_id
        RETURNING id, mode, size, span INTO place;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such capacity' USING ERRCODE = 'foreign_key_violation',
            CONSTRAINT = 'claim_capacity';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id > NEW.capacity_id THEN
        UPDATE bookings_capacity SET version = version + 1 WHERE id = OLD.capacity_id;
    END IF;
    NEW.mode := place.mode;
    IF place.span IS NOT NULL AND NOT (place.span @> NEW.span
            AND (place.mode <> 'peak' OR place.span = NEW.span)) THEN
        RAISE EXCEPTION 'the claim lies outside its session or period'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'claim_fits';
    END IF;
    -- Of a month minutes are claimed: those of the span, or fewer where an offer counts net of what its line has.
    IF place.mode = 'total' AND place.span IS NOT NULL
            AND (NEW.units > extract(epoch FROM upper(NEW.span) - lower(NEW.span)) / 60
                OR (NEW.cause <> 'offer'
                    AND NEW.units < extract(epoch FROM upper(NEW.span) - lower(NEW.span)) / 60)) THEN
        RAISE EXCEPTION 'of a month the minutes of the span are claimed'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'claim_fits';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id = NEW.capacity_id AND NEW.units <= OLD.units THEN
        -- What only gives back always fits, whatever was promised before a size was lowered; of what grows in time,
        -- only the time it did not have before is counted.
        IF place.mode = 'total' OR OLD.span @> NEW.span THEN
            RETURN NEW;
        END IF;
        taken := greatest(
            CASE WHEN lower(NEW.span) < lower(OLD.span) THEN capacity_taken(place.id, place.mode,
                tstzrange(lower(NEW.span), least(lower(OLD.span), upper(NEW.span))), NEW.id) ELSE 0 END,
            CASE WHEN upper(NEW.span) > upper(OLD.span) THEN capacity_taken(place.id, place.mode,
                tstzrange(greatest(upper(OLD.span), lower(NEW.span)), upper(NEW.span)), NEW.id) ELSE 0 END);
    ELSE
        taken := capacity_taken(place.id, place.mode, NEW.span, NEW.id);
    END IF;
    IF taken + NEW.units > place.size THEN
        RAISE EXCEPTION 'the claim does not fit: % of % taken, % more asked',
            taken, place.size, NEW.units
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'claim_fits';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARD = """
DROP TRIGGER session_agrees ON bookings_capacity;
DROP TRIGGER session_agrees ON bookings_seatedsession;
DROP FUNCTION session_agrees();
ALTER TABLE bookings_capacity DROP CONSTRAINT capacity_periods_apart;
ALTER TABLE bookings_capacity DROP CONSTRAINT capacity_exclusive_stands;
DROP INDEX capacity_one_counts;
DROP TRIGGER composed_guard ON sharing_resource;
DROP FUNCTION composed_guard();
DROP TRIGGER whole_guard ON bookings_capacity;
DROP TRIGGER part_guard ON sharing_resourcepart;
CREATE OR REPLACE FUNCTION claim_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    place record;
    taken bigint;
BEGIN
    IF NEW.span IS NULL OR isempty(NEW.span) OR lower_inf(NEW.span) OR upper_inf(NEW.span) THEN
        RAISE EXCEPTION 'a claim needs a bounded span' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'claim_span_sane';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id < NEW.capacity_id THEN
        UPDATE bookings_capacity SET version = version + 1 WHERE id = OLD.capacity_id;
    END IF;
    UPDATE bookings_capacity SET version = version + 1 WHERE id = NEW.capacity_id
        RETURNING id, mode, size, span INTO place;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such capacity' USING ERRCODE = 'foreign_key_violation',
            CONSTRAINT = 'claim_capacity';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id > NEW.capacity_id THEN
        UPDATE bookings_capacity SET version = version + 1 WHERE id = OLD.capacity_id;
    END IF;
    NEW.mode := place.mode;
    IF place.span IS NOT NULL AND NOT (place.span @> NEW.span
            AND (place.mode <> 'peak' OR place.span = NEW.span)) THEN
        RAISE EXCEPTION 'the claim lies outside its session or period'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'claim_fits';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.capacity_id = NEW.capacity_id AND NEW.units <= OLD.units THEN
        -- What only gives back always fits, whatever was promised before a size was lowered; of what grows in time,
        -- only the time it did not have before is counted.
        IF place.mode = 'total' OR OLD.span @> NEW.span THEN
            RETURN NEW;
        END IF;
        taken := greatest(
            CASE WHEN lower(NEW.span) < lower(OLD.span) THEN capacity_taken(place.id, place.mode,
                tstzrange(lower(NEW.span), least(lower(OLD.span), upper(NEW.span))), NEW.id) ELSE 0 END,
            CASE WHEN upper(NEW.span) > upper(OLD.span) THEN capacity_taken(place.id, place.mode,
                tstzrange(greatest(upper(OLD.span), lower(NEW.span)), upper(NEW.span)), NEW.id) ELSE 0 END);
    ELSE
        taken := capacity_taken(place.id, place.mode, NEW.span, NEW.id);
    END IF;
    IF taken + NEW.units > place.size THEN
        RAISE EXCEPTION 'the claim does not fit: % of % taken, % more asked',
            taken, place.size, NEW.units
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'claim_fits';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION capacity_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    promised bigint;
BEGIN
    IF NEW.mode <> OLD.mode OR NEW.resource_id <> OLD.resource_id THEN
        RAISE EXCEPTION 'a capacity keeps its mode and its resource'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    IF NEW.span IS DISTINCT FROM OLD.span AND NEW.span IS NOT NULL AND EXISTS (
            SELECT 1 FROM bookings_claim k WHERE k.mode = NEW.mode AND capacity_id = NEW.id
                AND (CASE WHEN NEW.mode = 'peak' THEN k.span <> NEW.span ELSE NOT NEW.span @> k.span END)) THEN
        RAISE EXCEPTION 'claims would lie outside the session or period'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    -- A size that does not shrink, from no earlier an instant, breaks no promise.
    IF NEW.size >= OLD.size AND NEW.size_from >= OLD.size_from THEN
        RETURN NEW;
    END IF;
    promised := capacity_taken(NEW.id, NEW.mode, tstzrange(NEW.size_from, NULL), NULL);
    IF promised > NEW.size THEN
        RAISE EXCEPTION 'more is promised than would be there: % of %', promised, NEW.size
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'capacity_keeps_promises';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION whole_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NEW.size > 0 AND NEW.span IS NULL
            AND EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.resource_id) THEN
        RAISE EXCEPTION 'a whole has no time of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'whole_has_no_time';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION part_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    standing record;
    circle boolean;
BEGIN
    FOR standing IN SELECT id FROM bookings_capacity
            WHERE span IS NULL AND resource_id IN (NEW.whole_id, NEW.part_id) ORDER BY id LOOP
        UPDATE bookings_capacity SET version = version + 1 WHERE id = standing.id;
    END LOOP;
    IF EXISTS (SELECT FROM bookings_capacity
            WHERE resource_id = NEW.whole_id AND size > 0) THEN
        RAISE EXCEPTION 'a whole has no time of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'whole_has_no_time';
    END IF;
    IF EXISTS (SELECT FROM sharing_resource whole, sharing_resource part
            WHERE whole.id = NEW.whole_id AND part.id = NEW.part_id
            AND (whole.owner_id <> part.owner_id OR whole.kind <> 'exclusive'
                OR part.kind NOT IN ('exclusive', 'pooled'))) THEN
        RAISE EXCEPTION 'a part has the owner of the whole, and is a thing or a number of things'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_another_house';
    END IF;
    IF NEW.whole_id = NEW.part_id
            OR EXISTS (SELECT FROM resource_wholes(NEW.whole_id) WHERE resource_id = NEW.part_id) THEN
        RAISE EXCEPTION 'nothing is a part of itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_in_a_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION resource_leaves(whole bigint) RETURNS TABLE (capacity_id bigint, resource_id bigint, units bigint)
LANGUAGE plpgsql STABLE ROWS 2 AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sharing_resourcepart AS part WHERE part.whole_id = whole) THEN
        RETURN QUERY SELECT c.id, c.resource_id, 1::bigint
            FROM bookings_capacity c JOIN sharing_resource r ON r.id = c.resource_id
            WHERE c.resource_id = whole AND c.span IS NULL AND c.mode = standing_mode(r.kind);
        RETURN;
    END IF;
    RETURN QUERY
    WITH RECURSIVE tree (id, units) AS (
        SELECT whole, 1::bigint
        UNION ALL
        SELECT part.part_id, tree.units * part.units
        FROM tree JOIN sharing_resourcepart part ON part.whole_id = tree.id
    )
    SELECT c.id, c.resource_id, sum(tree.units)::bigint
    FROM tree JOIN sharing_resource r ON r.id = tree.id
    JOIN bookings_capacity c ON c.resource_id = r.id AND c.span IS NULL AND c.mode = standing_mode(r.kind)
    WHERE NOT EXISTS (SELECT FROM sharing_resourcepart deeper WHERE deeper.whole_id = tree.id)
    GROUP BY c.id, c.resource_id;
END $$;
CREATE TRIGGER part_guard BEFORE INSERT OR UPDATE ON sharing_resourcepart
    FOR EACH ROW EXECUTE FUNCTION part_guard();
CREATE TRIGGER whole_guard BEFORE INSERT OR UPDATE OF size, resource_id ON bookings_capacity
    FOR EACH ROW EXECUTE FUNCTION whole_guard();
DROP FUNCTION resource_tree(bigint);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("bookings", "0007_what_a_mistake_took")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
