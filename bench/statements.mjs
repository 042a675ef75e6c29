// What a server would ask that keeps no documents: the same answers as openRMAT's, made in SQL when they are asked for.
const reference = (table, id, name = 'name') =>
  `(select json_build_object('id', r.id, 'slug', r.slug, 'name', r.${name}) from ${table} r where r.id = ${id})`

const events = `(select coalesce(json_agg(json_build_object('id', e.id, 'status', e.status,
    'on', partial_date_text(e."on"), 'announcedOn', partial_date_text(e.announced_on), 'anticipated', e.anticipated,
    'note', e.note, 'evidence', (select coalesce(json_agg(json_build_object('quote', v.quote, 'locator', v.locator,
        'source', json_build_object('id', s.id, 'slug', s.slug, 'name', s.title, 'url', s.url)) order by v.position), '[]')
      from evidence v join sources s on s.id = v.source_id where v.event_id = e.id)) order by e.position), '[]')
  from events e where e.designation_id = d.id)`

const designation = `json_build_object('id', d.id, 'slug', d.slug, 'therapy', ${reference('therapies', 'd.therapy_id')},
  'program', ${reference('programs', 'd.program_id')}, 'indication', ${reference('indications', 'd.indication_id')},
  'cycle', d.cycle, 'organization', ${reference('organizations', 'd.organization_id')}, 'status', d.status,
  'grantedOn', partial_date_text(d.granted_on), 'announcedOn', partial_date_text(d.announced_on),
  'events', ${events}, 'note', d.note, 'createdAt', d.created_at, 'updatedAt', d.updated_at, 'version', d.version)`

const therapy = (
  ...more
) => `json_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'modality', t.modality,
  'cellOrigin', t.cell_origin, 'stage', t.stage, 'summary', t.summary,
  'names', (select coalesce(json_agg(json_build_object('name', n.name, 'type', n.type) order by n.position), '[]')
    from therapy_names n where n.therapy_id = t.id),
  'targets', (select coalesce(json_agg(json_build_object('id', g.id, 'slug', g.slug, 'name', g.symbol)), '[]')
    from therapy_targets x join targets g on g.id = x.target_id where x.therapy_id = t.id),
  'organizations', (select coalesce(json_agg(json_build_object('role', x.role,
      'organization', json_build_object('id', o.id, 'slug', o.slug, 'name', o.name)) order by x.position), '[]')
    from therapy_organizations x join organizations o on o.id = x.organization_id where x.therapy_id = t.id),
  ${more.map((each) => `${each}, `).join('')}'createdAt', t.created_at, 'updatedAt', t.updated_at, 'version', t.version)`

const oneTherapy = (condition) =>
  `select ${therapy(`'designations', (select coalesce(json_agg(${designation}), '[]')
  from designations d where d.therapy_id = t.id)`)}::text as json from therapies t where ${condition}`

const list = (
  after,
) => `select coalesce(json_agg(${designation} order by d.granted_on desc, d.id desc), '[]')::text as json
  from (select * from designations d where program_id = (select id from programs where slug = $1) and status = $2 ${after}
    order by granted_on desc, id desc limit 20) d`

// Filtered first, then sorted: else a plan that is kept may walk along the index of names.
const named = (
  condition,
) => `select coalesce(json_agg(${therapy()} order by lower(t.name) collate "C", t.id), '[]')::text as json
  from (select * from (select * from therapies where id in (select entry_id from search_names
      where resource = 'therapies' and not is_key and ${condition}) offset 0) t
    order by lower(name) collate "C", id limit 20) t`

export const statements = {
  therapyById: oneTherapy('t.id = $1'),
  therapyBySlug: oneTherapy('t.slug = $1'),
  list: list(''),
  listAfter: list('and (granted_on, id) < ($3::daterange, $4::uuid)'),
  contains: named(`normal like '%' || $1::text || '%'`),
  starts: named(`normal like $1::text || '%'`),
  similar: `select coalesce(json_agg(${therapy()} order by n.score desc, t.id), '[]')::text as json
    from (select id, max(word_similarity($1, any_name)) as score from bench.names
      where $1::text <% any_name group by 1 order by 2 desc, 1 limit 20) n
    join therapies t on t.id = n.id`,
  count: `select json_build_object('total', count(*))::text as json from designations
    where program_id = (select id from programs where slug = $1) and status = $2`,
  designation: `select ${designation}::text as json from designations d where d.id = $1`,
  create: `with
    made as (insert into designations (id, slug, therapy_id, program_id, indication_id, organization_id, holder_id,
        current_indication_id, cycle, identifiers, status, granted_on)
      select n.id, 'made-' || n.id, (select t.id from therapies t where t.slug = $1),
        (select p.id from programs p where p.slug = $2),
        i.id, o.id, o.id, i.id, 1, '[]', 'granted', '[1998-01-05,1998-01-06)'
      from (select gen_random_uuid() as id) n, indications i, organizations o where i.slug = $3 and o.slug = $4
      returning *),
    event as (insert into events (id, designation_id, position, status, "on", anticipated, therapy_id, program_id,
        subject_indication_id, subject_organization_id)
      select gen_random_uuid(), id, 0, 'granted', granted_on, false, therapy_id, program_id, indication_id, holder_id
      from made returning id),
    cited as (insert into evidence (event_id, position, source_id, quote)
      select e.id, 0, s.id, 'granted the designation' from event e, sources s where s.slug = $5)
    select json_build_object('id', id, 'slug', slug)::text as json from made`,
  exported: `copy (select ${designation} from designations d) to stdout`,
}
