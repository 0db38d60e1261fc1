with written as (
  insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes, data, channel, customer_id,
    status_from, status_to)
  select e.kind, e.subject, e.sequence, e.type, $1, 'SYSTEM', 'Floor', e.message, e.changes::jsonb, e.data::jsonb,
         case e.kind when 'order' then $2::text end, case e.kind when 'order' then $3::bigint end, e.status_from, e.status_to
    from unnest($4::text[], $5::bigint[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
      as e (kind, subject, sequence, type, message, changes, data, status_from, status_to))
select pg_notify('hub_event', '')
