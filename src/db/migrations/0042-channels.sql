-- Tills and marketplaces without a connector of their own send orders through the graph.
insert into channel (id, code, name, kind) values
  (6, 'pos', 'Point of sale', 'POINT_OF_SALE'),
  (7, 'marketplace', 'Marketplace', 'MARKETPLACE')
on conflict do nothing;
