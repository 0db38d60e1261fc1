-- Goods that left before they were first counted where they lay: they are on no shelf, and nothing is taken off one for them.
alter table shipment_line add column left_uncounted boolean not null default false,
  add constraint shipment_line_uncounted check (not (left_uncounted and is_reserved));
