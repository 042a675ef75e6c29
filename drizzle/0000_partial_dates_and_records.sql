-- What a half-open range of days reads as: 2023-02-11, 2023-02, 2023-Q1 or 2023; null when no partial date names it.
CREATE FUNCTION partial_date_text(days daterange) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN isempty(days) OR lower_inf(days) OR upper_inf(days)
    OR extract(year FROM lower(days)) NOT BETWEEN 1000 AND 9998 THEN NULL
  WHEN upper(days) = lower(days) + 1 THEN
    extract(year FROM lower(days))::text
    || '-' || lpad(extract(month FROM lower(days))::text, 2, '0')
    || '-' || lpad(extract(day FROM lower(days))::text, 2, '0')
  WHEN extract(day FROM lower(days)) <> 1 THEN NULL
  WHEN upper(days) = (lower(days) + interval '1 month')::date THEN
    extract(year FROM lower(days))::text || '-' || lpad(extract(month FROM lower(days))::text, 2, '0')
  WHEN extract(month FROM lower(days))::int % 3 = 1
    AND upper(days) = (lower(days) + interval '3 months')::date THEN
    extract(year FROM lower(days))::text || '-Q' || extract(quarter FROM lower(days))::text
  WHEN extract(month FROM lower(days)) = 1
    AND upper(days) = (lower(days) + interval '1 year')::date THEN extract(year FROM lower(days))::text
END;
--> statement-breakpoint
CREATE DOMAIN partial_date AS daterange
CONSTRAINT partial_date_named CHECK (VALUE IS NULL OR partial_date_text(VALUE) IS NOT NULL);
--> statement-breakpoint
-- What a table of records needs beyond its columns: slugs sort by their bytes on every platform, and documents,
-- which are read whole and often, are kept out of line as they are, not compressed.
CREATE FUNCTION keep_records_in(records regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'ALTER TABLE %s ALTER COLUMN slug TYPE text COLLATE "C", ALTER COLUMN document SET STORAGE EXTERNAL', records);
END $$;
