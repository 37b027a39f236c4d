"""The guard: claims that do not fit cannot be stored, by whatever client, at whatever isolation level.

Every writer of a claim first updates its capacity's version, then counts. The update makes writers of one capacity
queue; at REPEATABLE READ and SERIALIZABLE it makes the later one fail with 40001 instead of counting an old snapshot.
Refusals carry SQLSTATE 23P01 and the constraint name `claim_fits` or `capacity_keeps_promises`.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = """
ALTER TABLE bookings_capacity SET (fillfactor = 50);
ALTER TABLE bookings_capacity ADD CONSTRAINT capacity_id_mode UNIQUE (id, mode);
ALTER TABLE bookings_capacity ADD CONSTRAINT capacity_mode_known
    CHECK (mode IN ('exclusive', 'peak', 'total'));
ALTER TABLE bookings_capacity ADD CONSTRAINT capacity_span_bounded CHECK (
    span IS NULL OR (NOT isempty(span) AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL
        AND lower_inc(span) AND NOT upper_inc(span)));
CREATE UNIQUE INDEX capacity_one_standing ON bookings_capacity (resource_id, mode)
    WHERE span IS NULL;
CREATE UNIQUE INDEX capacity_one_of_a_time ON bookings_capacity (resource_id, mode, span)
    WHERE span IS NOT NULL AND size > 0;

ALTER TABLE bookings_claim ADD CONSTRAINT claim_capacity
    FOREIGN KEY (capacity_id, mode) REFERENCES bookings_capacity (id, mode);
ALTER TABLE bookings_claim ADD CONSTRAINT claim_span_sane CHECK (
    NOT isempty(span)
    AND lower(span) IS NOT NULL AND upper(span) IS NOT NULL
    AND lower_inc(span) AND NOT upper_inc(span)
    AND lower(span) >= '2000-01-01 00:00:00+00' AND upper(span) < '2200-01-01 00:00:00+00'
    AND upper(span) - lower(span) >= interval '1 minute'
    AND upper(span) - lower(span) <= interval '19200 hours'
    AND extract(second FROM lower(span) AT TIME ZONE 'UTC') = 0
    AND extract(second FROM upper(span) AT TIME ZONE 'UTC') = 0);
ALTER TABLE bookings_line ADD CONSTRAINT line_use_plausible CHECK (
    use_starts_at >= '2000-01-01 00:00:00+00' AND use_ends_at < '2200-01-01 00:00:00+00'
    AND use_ends_at - use_starts_at <= interval '19200 hours');
ALTER TABLE bookings_offer ADD CONSTRAINT offer_use_plausible CHECK (
    use_starts_at >= '2000-01-01 00:00:00+00' AND use_ends_at < '2200-01-01 00:00:00+00'
    AND use_ends_at - use_starts_at <= interval '19200 hours');
ALTER TABLE bookings_block ADD CONSTRAINT block_plausible CHECK (
    starts_at >= '2000-01-01 00:00:00+00' AND ends_at < '2200-01-01 00:00:00+00'
    AND ends_at - starts_at <= interval '19200 hours');
ALTER TABLE bookings_claim ADD CONSTRAINT claim_exclusive
    EXCLUDE USING gist (capacity_id WITH =, span WITH &&) WHERE (mode = 'exclusive');
CREATE INDEX claim_counted ON bookings_claim USING gist (capacity_id, span) WHERE mode <> 'exclusive';
CREATE INDEX claim_in_time ON bookings_claim USING gist (span);

-- The most units claimed at any one instant of `window`, the claim `apart` left out.
CREATE FUNCTION capacity_peak(capacity bigint, within tstzrange, apart bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(max(load), 0)::bigint FROM (
        SELECT sum(delta) OVER (ORDER BY at, delta ROWS UNBOUNDED PRECEDING) AS load
        FROM bookings_claim k CROSS JOIN LATERAL (VALUES
            (greatest(lower(k.span), lower(within)), k.units::bigint),
            (upper(k.span), -k.units::bigint)) AS step (at, delta)
        WHERE k.mode <> 'exclusive' AND k.capacity_id = capacity AND k.span && within
            AND k.id IS DISTINCT FROM apart
    ) AS loads);
END $$;

-- The units promised of a capacity. The conditions on mode repeat the predicates of the partial indexes: without them
-- PostgreSQL cannot use these and reads every claim of that time, or of all times.
CREATE FUNCTION capacity_taken(capacity bigint, sort text, within tstzrange, apart bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF sort = 'exclusive' THEN
        RETURN (SELECT count(*) FROM (SELECT FROM bookings_claim WHERE mode = 'exclusive' AND capacity_id = capacity
            AND span && within AND id IS DISTINCT FROM apart LIMIT 1) AS found);
    ELSIF sort = 'total' THEN
        RETURN (SELECT coalesce(sum(units), 0) FROM bookings_claim WHERE mode <> 'exclusive'
            AND capacity_id = capacity AND id IS DISTINCT FROM apart);
    END IF;
    RETURN capacity_peak(capacity, within, apart);
END $$;

CREATE FUNCTION claim_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
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

CREATE TRIGGER claim_guard BEFORE INSERT OR UPDATE OF capacity_id, mode, span, units ON bookings_claim
    FOR EACH ROW EXECUTE FUNCTION claim_guard();

CREATE FUNCTION capacity_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
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

CREATE TRIGGER capacity_guard BEFORE UPDATE OF mode, resource_id, size, size_from, span ON bookings_capacity
    FOR EACH ROW EXECUTE FUNCTION capacity_guard();

-- The standing capacity of a resource. A service that plans a lowering has set the capacity before; a bare UPDATE of
-- the resource is held to all that was ever promised.
CREATE FUNCTION resource_capacity() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
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

CREATE TRIGGER resource_capacity AFTER INSERT OR UPDATE OF kind, units ON sharing_resource
    FOR EACH ROW EXECUTE FUNCTION resource_capacity();
"""

BACKWARD = """
DROP TRIGGER resource_capacity ON sharing_resource;
DROP FUNCTION resource_capacity();
DROP TRIGGER capacity_guard ON bookings_capacity;
DROP FUNCTION capacity_guard();
DROP TRIGGER claim_guard ON bookings_claim;
DROP FUNCTION claim_guard();
DROP FUNCTION capacity_taken(bigint, text, tstzrange, bigint);
DROP FUNCTION capacity_peak(bigint, tstzrange, bigint);
DROP INDEX claim_in_time;
DROP INDEX claim_counted;
ALTER TABLE bookings_claim DROP CONSTRAINT claim_exclusive;
ALTER TABLE bookings_block DROP CONSTRAINT block_plausible;
ALTER TABLE bookings_offer DROP CONSTRAINT offer_use_plausible;
ALTER TABLE bookings_line DROP CONSTRAINT line_use_plausible;
ALTER TABLE bookings_claim DROP CONSTRAINT claim_span_sane;
ALTER TABLE bookings_claim DROP CONSTRAINT claim_capacity;
DROP INDEX capacity_one_of_a_time;
DROP INDEX capacity_one_standing;
ALTER TABLE bookings_capacity DROP CONSTRAINT capacity_span_bounded;
ALTER TABLE bookings_capacity DROP CONSTRAINT capacity_mode_known;
ALTER TABLE bookings_capacity DROP CONSTRAINT capacity_id_mode;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("bookings", "0002_initial"), ("sharing", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
