-- How many numbers of a kind a year has. The row is locked from the moment a number is taken to the commit, so that a
-- number is given exactly when its document is there.
create table invoice_counter (
  kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE')),
  year integer not null,
  last_number integer not null check (last_number > 0),
  -- The clocks of two processes differ: no document is older than the one numbered before it.
  last_issued_at timestamptz(3) not null,
  primary key (kind, year)
);

-- Invoices and credit notes as they were issued: what they say of seller, buyer and order is in `particulars`, and stays
-- whatever becomes of those.
create table invoice (
  id bigint primary key,
  kind text not null,
  year integer not null,
  sequence integer not null,
  number text not null unique,
  order_id bigint not null references orders (id),
  shipment_id bigint references shipment (id),
  -- Of a credit note, the invoice that it takes back.
  credits_id bigint references invoice (id),
  is_reopening boolean not null default false,
  reason text,
  language text not null,
  currency text not null,
  prices_include_tax boolean not null,
  tax_minor bigint not null,
  total_minor bigint not null check (total_minor >= 0),
  issued_at timestamptz(3) not null,
  due_date date,
  particulars jsonb not null,
  unique (kind, year, sequence),
  foreign key (kind, year) references invoice_counter (kind, year),
  check ((kind = 'CREDIT_NOTE') = (credits_id is not null)),
  check (kind = 'CREDIT_NOTE' or not is_reopening)
);
create index invoice_order on invoice (order_id, id);
create index invoice_credits on invoice (credits_id) where credits_id is not null;

create table invoice_line (
  id bigint primary key,
  invoice_id bigint not null references invoice (id),
  position integer not null,
  -- What of the order it is of: a line, a shipping line or an adjustment.
  source text not null check (source in ('LINE', 'SHIPPING', 'ADJUSTMENT')),
  source_id bigint not null,
  credits_id bigint references invoice_line (id),
  sku text,
  description text not null,
  quantity numeric not null check (quantity >= 0),
  unit_price numeric(28, 10) not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  tax_lines jsonb not null,
  unique (invoice_id, position)
);

create trigger invoice_append_only before update or delete on invoice for each row execute function refuse_change();
create trigger invoice_no_truncate before truncate on invoice for each statement execute function refuse_change();
create trigger invoice_line_append_only before update or delete on invoice_line
  for each row execute function refuse_change();
create trigger invoice_line_no_truncate before truncate on invoice_line
  for each statement execute function refuse_change();

create function refuse_number_gap() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.kind = old.kind and new.year = old.year and new.last_number = old.last_number + 1
     and new.last_issued_at >= old.last_issued_at then
    return new;
  end if;
  if tg_op = 'INSERT' and new.last_number = 1 then
    return new;
  end if;
  raise exception 'invoice_counter counts one by one: % refused', lower(tg_op) using errcode = 'HU001';
end $$;
create trigger invoice_counter_one_by_one before insert or update or delete on invoice_counter
  for each row execute function refuse_number_gap();
create trigger invoice_counter_no_truncate before truncate on invoice_counter
  for each statement execute function refuse_change();

-- What the hub invoices by itself, as its settings have it.
create table invoice_policy (
  only_row boolean primary key default true check (only_row),
  issue_at text not null check (issue_at in ('SHIPMENT', 'ORDER', 'MANUAL')),
  -- Orders that a channel states too: most channels invoice those themselves.
  is_for_stated boolean not null
);
insert into invoice_policy (issue_at, is_for_stated) values ('SHIPMENT', false);

-- What is to be invoiced and is not yet; a row goes in the transaction that issues.
create table invoice_due (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders (id),
  shipment_id bigint references shipment (id),
  next_try_at timestamptz(3) not null default '-infinity',
  unique nulls not distinct (order_id, shipment_id)
);

create function shipment_left() returns trigger language plpgsql as $$
begin
  insert into invoice_due (order_id, shipment_id)
  select o.id, new.id from orders o, invoice_policy p
   where o.id = new.order_id and p.issue_at = 'SHIPMENT' and (p.is_for_stated or not o.is_stated)
      on conflict do nothing;
  return null;
end $$;
create trigger shipment_left after update of shipped_at on shipment for each row
  when (old.shipped_at is null and new.shipped_at is not null) execute function shipment_left();
create trigger shipment_left_at_once after insert on shipment for each row
  when (new.shipped_at is not null) execute function shipment_left();

-- At confirmation: all orders where the policy says so, else those of which nothing is ever shipped.
create function order_confirmed() returns trigger language plpgsql as $$
begin
  insert into invoice_due (order_id)
  select new.id from invoice_policy p
   where (p.issue_at = 'ORDER' or (p.issue_at = 'SHIPMENT' and new.fulfillment_status = 'DELIVERED'))
     and (p.is_for_stated or not new.is_stated)
      on conflict do nothing;
  return null;
end $$;
create trigger order_confirmed after update of status on orders for each row
  when (old.status in ('DRAFT', 'RECEIVED') and new.status not in ('DRAFT', 'RECEIVED', 'CANCELED'))
  execute function order_confirmed();
create trigger order_confirmed_at_once after insert on orders for each row
  when (new.status not in ('DRAFT', 'RECEIVED', 'CANCELED')) execute function order_confirmed();
