-- When a quote has to be approved, and by whom. Bounds that are given must all be passed.
create table approval_rule (
  id bigint primary key,
  code text not null unique,
  name text not null,
  line_discount_over numeric(9, 6) check (line_discount_over >= 0 and line_discount_over < 1),
  discount_over numeric(9, 6) check (discount_over >= 0 and discount_over < 1),
  total_over_minor bigint check (total_over_minor >= 0),
  total_over_currency text,
  term_months_over integer check (term_months_over >= 0),
  approver_roles text[] not null check (cardinality(approver_roles) > 0),
  is_active boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null,
  constraint approval_rule_total check ((total_over_minor is null) = (total_over_currency is null)),
  constraint approval_rule_bounds check (
    num_nonnulls(line_discount_over, discount_over, total_over_minor, term_months_over) > 0
  )
);

-- What a rule asked of a quote, and what came of it. Who asked may not answer.
create table quote_approval (
  id bigint primary key,
  quote_id bigint not null references quote (id),
  rule_id bigint not null references approval_rule (id),
  status text not null check (status in ('PENDING', 'APPROVED', 'REJECTED')),
  reason text not null,
  asked_by_kind text not null,
  asked_by_id text,
  asked_by_name text not null,
  asked_at timestamptz(3) not null,
  decided_by_kind text,
  decided_by_id text,
  decided_by_name text,
  decided_at timestamptz(3),
  comment text,
  unique (quote_id, rule_id),
  constraint quote_approval_decided check ((status = 'PENDING') = (decided_at is null)),
  constraint quote_approval_decided_by check ((decided_at is null) = (decided_by_kind is null))
);

-- The queue: what has waited longest comes first.
alter table quote add column submitted_at timestamptz(3);
create index quote_awaiting on quote (submitted_at, id) where status = 'PENDING_APPROVAL';

-- What can be chosen of a product, and what was chosen on a quote's line.
alter table product add column options jsonb not null default '[]';
alter table quote_line add column configuration jsonb not null default '[]';
