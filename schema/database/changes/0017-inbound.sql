--liquibase formatted sql

--changeset aval:0017-inbound-ids
--comment A carrier may use an id for another message after a week.
create unique index inbound_message_carrier_id on aval.inbound_message (carrier_account_id, carrier_message_id,
  date_bin(interval '7 days', received_at, timestamptz '2001-01-01 00:00:00+00'));
alter table aval.inbound_message drop constraint inbound_message_carrier_account_id_carrier_message_id_key;
--rollback alter table aval.inbound_message add unique (carrier_account_id, carrier_message_id);
--rollback drop index aval.inbound_message_carrier_id;
