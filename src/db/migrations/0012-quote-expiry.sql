-- What the clock has to look at: quotes that may still expire.
create index quote_expiring on quote (valid_until)
  where status in ('DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'SENT', 'ACCEPTED', 'PARTIALLY_CONVERTED');
