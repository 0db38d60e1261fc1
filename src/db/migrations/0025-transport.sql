-- How each system may be asked and how it answers, over all processes. Unlogged: a crash of the database forgets how full
-- the buckets were, and that is all. Times in it are of the hubs' clock, in milliseconds.
create unlogged table integration_pace (
  integration_id bigint primary key references integration (id),
  moved_at double precision not null,
  breaker jsonb not null,
  buckets jsonb not null
) with (fillfactor = 50);

-- Access tokens, sealed as credentials are. Logged: a refresh token that is lost costs a person's consent.
create table integration_token (
  integration_id bigint primary key references integration (id),
  sealed bytea not null,
  updated_at timestamptz(3) not null
);
