-- What is asked of a database and what has to come back, one view a workload: read from the tables alone, by none of
-- the code that answers. `p` are the parameters, `expect` the ids that the answer is about, `allowed` others that it may
-- show, `text` names that a full answer has. `bench.questions` says which therapies and which texts are asked for.
-- The ids that a designation shows besides its own.
create or replace function bench.shown(designation designations) returns uuid[] stable language sql as $$
  select array_remove(array[designation.therapy_id, designation.program_id,
      (select authority_id from programs where id = designation.program_id), designation.indication_id,
      designation.organization_id, designation.holder_id, designation.current_indication_id], null)
    || array(select id from events where designation_id = designation.id)
    || array(select source_id from evidence v join events e on e.id = v.event_id
        where e.designation_id = designation.id)
$$;

create or replace view bench.w1 as
  select json_build_object(
    'p', json_build_object('slug', t.slug, 'key', case when right(t.id::text, 1) < '8' then t.slug else t.id::text end),
    'expect', (select coalesce(json_agg(id), '[]') from designations where therapy_id = t.id),
    'allowed', (select json_agg(id) from (
      select t.id union select target_id from therapy_targets where therapy_id = t.id
      union select organization_id from therapy_organizations where therapy_id = t.id
      union select unnest(bench.shown(d)) from designations d where therapy_id = t.id) a (id)),
    'text', (select coalesce(json_agg(distinct name), '[]') from (
      select p.name from designations d join programs p on p.id = d.program_id where d.therapy_id = t.id
      union select i.slug from designations d join indications i on i.id = d.indication_id
        where d.therapy_id = t.id) n))
  from bench.questions q join therapies t on t.slug = q.slug where q.workload = 'W1';

-- Twenty granted designations of a programme, the last granted first, from a place of the list on.
create or replace function bench.page(program uuid, place int) returns setof designations stable language sql as $$
  select * from designations where program_id = program and status = 'granted'
  order by granted_on desc, id desc limit 20 offset place
$$;

create or replace function bench.listed(parameters json, program uuid, place int) returns json stable language sql as $$
  select json_build_object('p', parameters,
    'expect', (select json_agg(id order by granted_on desc, id desc) from bench.page(program, place)),
    'allowed', (select json_agg(distinct shown) from bench.page(program, place) d, unnest(bench.shown(d)) shown),
    'text', (select json_agg(t.name) from bench.page(program, place) d join therapies t on t.id = d.therapy_id))
$$;

create or replace view bench.w2 as
  select bench.listed(json_build_object('program', slug, 'status', 'granted'), id, 0)
  from programs p where (select count(*) from bench.page(p.id, 0)) = 20;

create or replace function bench.digest(value text) returns text immutable language sql as $$
  select left(translate(encode(sha256(convert_to(value, 'UTF8')), 'base64'), '+/', '-_'), 10)
$$;

-- The cursor behind a designation in the list of a programme, as docs and clients take it from the page before.
create or replace function bench.cursor_after(program text, d designations) returns text stable language sql as $$
  select translate(encode(convert_to(bench.digest('cursor ' || body) || body, 'UTF8'), 'base64'), E'+/=\n', '-_')
  from (select format('["%s","%s","%s"]', bench.digest(format(
      '["designations","-grantedOn",{"values":{"program":["%s"],"status":["granted"]},"modifiers":{"dateMatch":"possible","indicationExact":false}}]',
      program)), d.granted_on, d.id)) c (body)
$$;

-- Deep pages of the programme that has most: from the place 200,000 on, where there are fewer from 500
-- or the middle.
create or replace view bench.w3 as
  select bench.listed(json_build_object('program', p.slug, 'status', 'granted',
      'cursor', bench.cursor_after(p.slug, before), 'after_date', before.granted_on, 'after_id', before.id),
    p.id, place)
  from programs p
    cross join lateral (select case when count(*) > 210000 then 200000 else least(500, count(*)::int / 2) end as start from designations
      where program_id = p.id and status = 'granted') deep
    cross join lateral generate_series(deep.start, deep.start + 140, 7) place
    cross join lateral (select * from designations where program_id = p.id and status = 'granted'
      order by granted_on desc, id desc limit 1 offset place - 1) before
  where p.slug = 'fda:orphan-drug';

-- Names as they are compared: letters and digits, in lower case; the made-up ones have no others.
drop materialized view if exists bench.names;
create materialized view bench.names as
  select id, any_name, lower(regexp_replace(any_name, '[^A-Za-z0-9]', '', 'g')) as normal
  from (select id, name from therapies union all select therapy_id, name from therapy_names) n (id, any_name);

create index on bench.names using gin (normal gin_trgm_ops);
create index on bench.names using gin (any_name gin_trgm_ops);
analyze bench.names;

create or replace function bench.named(question text, pattern text) returns json stable language sql as $$
  with found as (
    select id, name from therapies where id in (select id from bench.names where normal like pattern)
    order by lower(name) collate "C", id limit 20)
  select json_build_object('p', json_build_object('q', question),
    'expect', (select coalesce(json_agg(id order by lower(name) collate "C", id), '[]') from found),
    'allowed', (select coalesce(json_agg(id), '[]') from (
      select target_id from therapy_targets where therapy_id in (select id from found)
      union select organization_id from therapy_organizations where therapy_id in (select id from found)) a (id)))
$$;

create or replace view bench.w4c as
  select bench.named(text, '%' || text || '%') from bench.questions where workload = 'W4c' order by text;

create or replace view bench.w4p as
  select bench.named(text, text || '%') from bench.questions where workload = 'W4p' order by text;

create or replace view bench.w4t as
  select json_build_object('p', json_build_object('q', q.text), 'expect', json_build_array(t.id))
  from bench.questions q join therapies t on t.slug = q.slug where q.workload = 'W4t' order by q.text;

-- Designations that there are not yet, so many that the few that are drawn hardly meet: 100,000, of up to 20,000
-- therapies. Their day is long past, so that they are on no first page.
create or replace view bench.w5 as
  with
    t as (select id, slug, row_number() over (order by md5(slug)) as n from therapies order by md5(slug) limit 20000),
    p as (select array_agg(slug order by slug) as slugs, array_agg(id order by slug) as ids, count(*) from programs),
    i as (select array_agg(slug order by slug) as slugs, array_agg(id order by slug) as ids, count(*) from indications),
    o as (select array_agg(slug order by slug) as slugs, count(*) from organizations),
    s as (select count(*) from sources),
    chosen as (
      select t.*, 1 + c % p.count as program, 1 + (t.n * 7 + c / p.count) % i.count as indication,
        1 + (t.n + c) % o.count as organization
      from t cross join p cross join i cross join o
        cross join lateral generate_series(0, 100000 / (select count(*) from t) - 1) c)
  select json_build_object('p', json_build_object('therapy', t.slug, 'program', p.slugs[t.program],
      'indication', i.slugs[t.indication], 'organization', o.slugs[t.organization], 'source', 'source-' || t.n % s.count),
    'expect', json_build_array(t.id))
  from chosen t cross join p cross join i cross join o cross join s
  where not exists (select from designations d
    where d.therapy_id = t.id and d.program_id = p.ids[t.program] and d.indication_id = i.ids[t.indication]);

create or replace view bench.w6 as
  select json_build_object('p', json_build_object('program', p.slug, 'status', 'granted'),
    'expect', json_build_array((select count(*) from designations d where d.program_id = p.id and d.status = 'granted')))
  from programs p;

-- Takes out what W5 wrote: events, states and evidence go with their designations, and the search entries of their
-- therapies no longer tell of them.
create or replace function bench.clean() returns void language plpgsql as $$
declare
  gone uuid[];
  touched uuid[];
begin
  select array_agg(id), array_agg(distinct therapy_id) into gone, touched from designations
    where granted_on = '[1998-01-05,1998-01-06)'::daterange and slug not like 'designation-%';
  delete from search_entries where id = any(gone);
  delete from designations where id = any(gone);
  update search_entries e set terms = e.base || array_to_tsvector(array(
      select unnest(o.own) from search_entries o where o.id = any(e.near)
      union select unnest(o.own) from search_entries o where o.near @> array[e.id]))
    where e.id = any(touched);
end $$;
