insert into idempotency (caller, key, operation, input_hash, outcome, created_at)
values ($1, $2, 'createOrder', $3, $4, $5) on conflict do nothing returning 1 as claimed
