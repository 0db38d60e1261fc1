-- When to order again, and how much.
alter table stock_level
  add column reorder_point numeric check (reorder_point >= 0),
  add column reorder_quantity numeric check (reorder_quantity > 0);
create index stock_level_reorder on stock_level (product_id)
  where reorder_point is not null and greatest(on_hand - reserved - safety_stock, 0) < reorder_point;

-- Orders are found by what is in them.
create index order_line_sku on order_line (sku, order_id);
