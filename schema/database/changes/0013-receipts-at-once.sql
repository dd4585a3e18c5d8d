--liquibase formatted sql

--changeset aval:0013-receipt-bundle
--comment Receipts that are acknowledged and not applied yet, one row for all that came together. A row lives for moments; after a crash the rows that are left are applied.
create table aval.receipt_bundle (
  id uuid primary key,
  -- the events, sealed under the platform's keyset
  events_sealed bytea not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0.2);
grant select, insert, update, delete on aval.receipt_bundle to aval_platform;
--rollback drop table aval.receipt_bundle;

--changeset aval:0013-keep-receipts splitStatements:false
--comment One statement, and so one round trip and one commit: takes the lock that every writer of sealed values takes, and looks at the version after that. False when the keyset has changed.
create function aval.keep_receipts(platform uuid, version integer, bundle uuid, events bytea) returns boolean
  language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('aval.keyset:' || platform, 0));
  if version is distinct from (select k.version from aval.keyset k where k.tenant_id = platform and k.kind = 'AEAD') then
    return false;
  end if;
  insert into aval.receipt_bundle (id, events_sealed) values (bundle, events);
  return true;
end $$;
revoke all on function aval.keep_receipts(uuid, integer, uuid, bytea) from public;
grant execute on function aval.keep_receipts(uuid, integer, uuid, bytea) to aval_platform;
--rollback drop function aval.keep_receipts(uuid, integer, uuid, bytea);
