-- The line's id in the system the order came from: what that system is told of the line, and says of it, goes by it.
alter table order_line add column external_id text;
