-- What the hub does to payments itself. A payment that a channel reports has none of it.
alter table payment
  -- The provider by which the hub acts.
  add column acts_through text,
  -- The provider's id of it.
  add column provider_reference text,
  -- Where the payer does what the provider asks for.
  add column action_url text,
  add column due_at timestamptz(3);
create unique index payment_provider_reference on payment (acts_through, provider_reference);

-- Set by the first payment that the hub itself takes for it: from then on nothing leaves before the funds are verified.
alter table orders add column needs_funds boolean not null default false;

-- What was asked of a provider: written before the call, settled by what it answered, in two transactions. Each is asked
-- again under the same key until the answer is known.
create table payment_attempt (
  id bigint primary key,
  payment_id bigint not null references payment (id),
  kind text not null check (kind in ('AUTHORIZE', 'CAPTURE', 'VOID', 'REFUND', 'READ')),
  amount_minor bigint check (amount_minor > 0),
  status text not null check (status in ('REQUESTED', 'WAITING', 'SUCCEEDED', 'FAILED')),
  -- The idempotency key at the provider; of a READ that a notice asked for, the notice's name.
  key text not null unique,
  -- Stands for the means of payment at its provider; forgotten when the attempt is settled.
  token text,
  -- Where the payer comes back to.
  return_url text,
  reason text,
  tries integer not null default 0,
  next_try_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  settled_at timestamptz(3)
);
create index payment_attempt_payment on payment_attempt (payment_id);
create index payment_attempt_open on payment_attempt (next_try_at) where status in ('REQUESTED', 'WAITING');
