-- What a system said last of its record: the version as it counts, and as much of the rest as the module needs that takes
-- it in.
alter table external_reference
  add column stated_version text,
  add column stated jsonb;

-- A line of another CPQ tool may name a product that the hub does not know yet, and has an id of its own there.
alter table quote_line
  alter column product_id drop not null,
  add column external_line_id text,
  add column recurrence_interval text check (recurrence_interval in ('MONTH', 'QUARTER', 'YEAR')),
  add column recurrence_terms integer check (recurrence_terms > 0),
  add constraint quote_line_recurrence check ((recurrence_interval is null) = (recurrence_terms is null)),
  add constraint quote_line_external_line unique (quote_id, external_line_id);

-- Numbers come from other tools too: the hub's own go around those.
create function next_quote_number() returns text language plpgsql as $$
declare
  candidate text;
begin
  loop
    candidate := 'Q-' || nextval('quote_number');
    exit when not exists (select from quote where number = candidate);
  end loop;
  return candidate;
end $$;

-- As migration 0019 has it of customers: a number is found by its three-letter pieces.
create index quote_words on quote using gin ((chr(10) || lower(number)) gin_trgm_ops);
