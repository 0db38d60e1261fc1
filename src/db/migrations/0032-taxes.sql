-- A rate may hold in one region of a country alone, by its code there (the part of ISO 3166-2 behind the country); ''
-- is the country. Of a region's rate and its country's, the region's holds.
alter table tax_rate add column region text not null default '';
alter table tax_rate drop constraint tax_rate_pkey;
alter table tax_rate add column id bigint generated always as identity primary key;
alter table tax_rate add constraint tax_rate_slot unique (country, region, category, valid_from);
alter table tax_rate add column version integer not null default 1;
alter table tax_rate add check (valid_until is null or valid_until > valid_from);

-- How the order's taxes were rounded when it was placed: each line's, or each tax once over the whole order. What
-- changes of the order later is rounded the same way.
alter table orders add column tax_rounding text not null default 'LINE' check (tax_rounding in ('LINE', 'ORDER'));
