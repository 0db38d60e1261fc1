-- What waits of a record is looked for whenever something newer of that record is carried out.
create index inbox_message_waiting on inbox_message (integration_id, external_id) where status = 'WAITING';
