SELECT keep_records_in(t::regclass) FROM unnest(ARRAY[
  'applications', 'authorities', 'designations', 'indications', 'organizations',
  'programs', 'sources', 'targets', 'therapies', 'trials'
]) t;
--> statement-breakpoint
-- Two transactions that each hang one indication below the other's would not see one another's row,
-- so changes of the tree wait for each other.
CREATE FUNCTION refuse_indication_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('indications.parent_id'));
  IF EXISTS (
    WITH RECURSIVE ancestors (id) AS (
      SELECT NEW.parent_id
      UNION
      SELECT i.parent_id FROM indications i JOIN ancestors a ON i.id = a.id WHERE i.parent_id IS NOT NULL
    )
    SELECT FROM ancestors WHERE id = NEW.id
  ) THEN
    RAISE check_violation USING
      MESSAGE = 'an indication cannot be its own ancestor', CONSTRAINT = 'indications_acyclic', TABLE = 'indications';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER indications_acyclic
AFTER INSERT OR UPDATE OF parent_id ON indications
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_indication_cycle();
