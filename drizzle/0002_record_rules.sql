SELECT keep_records_in(t::regclass) FROM unnest(ARRAY[
  'applications', 'authorities', 'designations', 'indications', 'organizations',
  'programs', 'sources', 'targets', 'therapies', 'trials'
]) t;
--> statement-breakpoint
-- Two transactions that each hang one indication below the other's would not see one another's row, so changes of
-- the tree wait for each other. Where a transaction goes on reading what it first saw (repeatable read, serializable),
-- a lock makes it fail when that is no longer how the tree is.
CREATE FUNCTION refuse_indication_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above uuid := NEW.parent_id;
  below uuid[] := ARRAY[NEW.id];
  reads_snapshot boolean := current_setting('transaction_isolation') IN ('repeatable read', 'serializable');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('indications.parent_id'));
  WHILE above IS NOT NULL LOOP
    -- A cycle that leaves out the new row is that of another row of the same statement.
    IF above = ANY (below) THEN
      RAISE check_violation USING
        MESSAGE = 'an indication cannot be its own ancestor', CONSTRAINT = 'indications_acyclic', TABLE = 'indications';
    END IF;
    below := below || above;
    IF reads_snapshot THEN
      PERFORM FROM indications WHERE id = above FOR SHARE;
    END IF;
    SELECT parent_id INTO above FROM indications WHERE id = above;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER indications_acyclic
AFTER INSERT OR UPDATE OF id, parent_id ON indications
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_indication_cycle();
