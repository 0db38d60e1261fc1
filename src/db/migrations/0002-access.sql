create table api_key (
  id bigint primary key,
  name text not null,
  secret_hash bytea not null unique,
  roles text[] not null check (cardinality(roles) > 0),
  customer_id bigint,
  created_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  check (('CUSTOMER' = any (roles)) = (customer_id is not null)),
  check (not ('CUSTOMER' = any (roles)) or cardinality(roles) = 1)
);
