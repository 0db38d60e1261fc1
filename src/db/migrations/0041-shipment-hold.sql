-- The hold that trouble of a parcel has placed, while it may still go on. Until now only what a carrier reported placed one,
-- kept in shipment_watch: that column is read no more.
alter table shipment add column hold_id bigint;
update shipment s set hold_id = w.hold_id from shipment_watch w where w.shipment_id = s.id and w.hold_id is not null;
