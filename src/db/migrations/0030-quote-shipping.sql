-- What a quote charges for shipping: how it is sent, at which price before tax, and the taxes on it.
alter table quote
  add column shipping_method text,
  add column shipping_minor bigint not null default 0,
  add column shipping_tax_lines jsonb not null default '[]',
  add constraint quote_shipping check (shipping_minor >= 0 and (shipping_method is not null or shipping_minor = 0));
