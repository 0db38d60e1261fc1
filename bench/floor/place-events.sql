with written as (
  insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes, data, channel, customer_id,
    status_from, status_to)
  select 'order', $1, e.sequence, e.type, $2, 'SYSTEM', 'Floor', e.message, e.changes::jsonb, e.data::jsonb, $3, $4, e.status_from, e.status_to
    from unnest($5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
      as e (sequence, type, message, changes, data, status_from, status_to))
select pg_notify('hub_event', '')
