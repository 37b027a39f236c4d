"""Wholes have no time of their own: the database keeps parts and sizes apart, and tells the leaves of a whole.

Whoever writes a part first updates the versions of both standing capacities, in id order: writers of one composition
queue, and the look for circles sees what the others wrote. Refusals carry SQLSTATE 23514 and the constraint names
`whole_has_no_time`, `parts_in_a_circle`, `part_of_another_house`.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE INDEX resource_part_backwards ON sharing_resourcepart (part_id, whole_id);

CREATE FUNCTION standing_mode(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE kind WHEN 'exclusive' THEN 'exclusive' WHEN 'metered' THEN 'exclusive'
        WHEN 'pooled' THEN 'peak' WHEN 'giveaway' THEN 'total' END
$$;

-- The standing capacities below a resource and how many units of each it takes; of what has no parts, its own.
CREATE FUNCTION resource_leaves(whole bigint) RETURNS TABLE (capacity_id bigint, resource_id bigint, units bigint)
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

-- Everything that has a resource as a part, at whatever depth, and the resource itself.
CREATE FUNCTION resource_wholes(part bigint) RETURNS TABLE (resource_id bigint) LANGUAGE sql STABLE ROWS 2 AS $$
    WITH RECURSIVE up (id) AS (
        SELECT part
        UNION
        SELECT above.whole_id FROM up JOIN sharing_resourcepart above ON above.part_id = up.id
    )
    SELECT id FROM up
$$;

CREATE FUNCTION part_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
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
CREATE TRIGGER part_guard BEFORE INSERT OR UPDATE ON sharing_resourcepart
    FOR EACH ROW EXECUTE FUNCTION part_guard();

CREATE FUNCTION whole_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NEW.size > 0 AND NEW.span IS NULL
            AND EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.resource_id) THEN
        RAISE EXCEPTION 'a whole has no time of its own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'whole_has_no_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER whole_guard BEFORE INSERT OR UPDATE OF size, resource_id ON bookings_capacity
    FOR EACH ROW EXECUTE FUNCTION whole_guard();

-- As in migration 0003; a whole keeps size 0, whatever is changed on its listing.
CREATE OR REPLACE FUNCTION resource_capacity() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    wanted text := standing_mode(NEW.kind);
    amount integer := CASE WHEN NEW.kind = 'metered' THEN 1 ELSE NEW.units END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.id) THEN
            amount := 0;
        END IF;
        IF NEW.kind <> OLD.kind THEN
            IF EXISTS (SELECT FROM sharing_resourcepart WHERE whole_id = NEW.id OR part_id = NEW.id) THEN
                RAISE EXCEPTION 'what has parts, or is one, keeps its kind'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_another_house';
            END IF;
            UPDATE bookings_capacity SET size = 0, size_from = '2000-01-01 00:00:00+00'
                WHERE resource_id = NEW.id AND span IS NULL AND size > 0 AND mode IS DISTINCT FROM wanted;
        END IF;
        -- More of it breaks no promise and may follow a planned lowering; less is held to all there ever was.
        UPDATE bookings_capacity SET size = amount,
                size_from = CASE WHEN amount > size THEN size_from ELSE '2000-01-01 00:00:00+00' END
            WHERE resource_id = NEW.id AND span IS NULL AND mode = wanted AND size <> amount;
        IF EXISTS (SELECT 1 FROM bookings_capacity
                WHERE resource_id = NEW.id AND span IS NULL AND mode = wanted) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF wanted IS NOT NULL THEN
        INSERT INTO bookings_capacity (resource_id, mode, size, size_from, span, version)
            VALUES (NEW.id, wanted, amount, '2000-01-01 00:00:00+00', NULL, 0);
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARD = """
DROP TRIGGER whole_guard ON bookings_capacity;
DROP FUNCTION whole_guard();
DROP TRIGGER part_guard ON sharing_resourcepart;
DROP FUNCTION part_guard();
DROP FUNCTION resource_wholes(bigint);
DROP FUNCTION resource_leaves(bigint);
CREATE OR REPLACE FUNCTION resource_capacity() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    wanted text := CASE NEW.kind
        WHEN 'exclusive' THEN 'exclusive' WHEN 'metered' THEN 'exclusive'
        WHEN 'pooled' THEN 'peak' WHEN 'giveaway' THEN 'total' END;
    amount integer := CASE WHEN NEW.kind = 'metered' THEN 1 ELSE NEW.units END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.kind <> OLD.kind THEN
            UPDATE bookings_capacity SET size = 0, size_from = '2000-01-01 00:00:00+00'
                WHERE resource_id = NEW.id AND span IS NULL AND size > 0 AND mode IS DISTINCT FROM wanted;
        END IF;
        UPDATE bookings_capacity SET size = amount,
                size_from = CASE WHEN amount > size THEN size_from ELSE '2000-01-01 00:00:00+00' END
            WHERE resource_id = NEW.id AND span IS NULL AND mode = wanted AND size <> amount;
        IF EXISTS (SELECT 1 FROM bookings_capacity
                WHERE resource_id = NEW.id AND span IS NULL AND mode = wanted) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF wanted IS NOT NULL THEN
        INSERT INTO bookings_capacity (resource_id, mode, size, size_from, span, version)
            VALUES (NEW.id, wanted, amount, '2000-01-01 00:00:00+00', NULL, 0);
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION standing_mode(text);
DROP INDEX resource_part_backwards;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("bookings", "0005_watches_and_sessions"),
        ("sharing", "0005_composition_and_holidays"),
    ]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
