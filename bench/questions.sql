-- What is asked of the made-up records: the same therapies and texts for the same records.
create schema if not exists bench;
drop table if exists bench.questions cascade;
create table bench.questions as
  select 'W1' as workload, slug as text, slug from (
    select slug from therapies order by md5(slug) limit 4000) t
  union all
  select distinct 'W4c', q, null from (
    select substr(name, 2, 6) as q from therapy_names where type = 'inn' order by md5(name || 'w4c') limit 300) n
    where q ~ '^[a-z]+$'
  union all
  select distinct 'W4p', q, null from (
    select substr(name, 1, 6) as q from therapy_names where type = 'inn' order by md5(name || 'w4p') limit 300) n
    where q ~ '^[a-z]+$'
  union all
  select 'W4t', overlay(w placing case when substr(w, 5, 1) = 'x' then 'y' else 'x' end from 5 for 1), slug from (
    select t.slug, split_part(n.name, ' ', 1) as w from therapy_names n join therapies t on t.id = n.therapy_id
    where n.type = 'inn' order by md5(n.name || 'w4t') limit 200) n
    where length(w) > 10;
