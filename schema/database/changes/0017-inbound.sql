--liquibase formatted sql

--changeset aval:0017-former-route
--comment Tenants that had a route to an account: people go on answering what they got through it.
create table aval.former_route (
  carrier_account_id uuid not null references aval.carrier_account on delete cascade,
  tenant_id uuid not null references aval.tenant,
  primary key (carrier_account_id, tenant_id)
);
call aval.isolate('aval.former_route');
grant select, insert on aval.former_route to aval_platform;
--rollback drop table aval.former_route;

--changeset aval:0017-former-route-kept splitStatements:false
create function aval.keep_former_route() returns trigger language plpgsql as $$
begin
  insert into aval.former_route (carrier_account_id, tenant_id) values (old.carrier_account_id, old.tenant_id)
  on conflict do nothing;
  return null;
end $$;
create trigger former_route after delete or update of carrier_account_id on aval.route
  for each row execute function aval.keep_former_route();
--rollback drop trigger former_route on aval.route;
--rollback drop function aval.keep_former_route();

--changeset aval:0017-former-route-readable
--comment The owner reads all messages in the next change. On its own, so that nobody waits for the lock while they are read.
alter table aval.message no force row level security;
--rollback alter table aval.message force row level security;

--changeset aval:0017-former-route-known
--comment Whoever has sent through an account had a route to it.
alter table aval.former_route no force row level security;
insert into aval.former_route (carrier_account_id, tenant_id)
  select distinct m.carrier_account_id, m.tenant_id from aval.message m
  join aval.carrier_account a on a.id = m.carrier_account_id
  on conflict do nothing;
alter table aval.former_route force row level security;
--rollback delete from aval.former_route;

--changeset aval:0017-former-route-unreadable
alter table aval.message force row level security;
--rollback alter table aval.message no force row level security;

--changeset aval:0017-inbound-ids
--comment A carrier may use an id for another message after a week.
create unique index inbound_message_carrier_id on aval.inbound_message (carrier_account_id, carrier_message_id,
  date_bin(interval '7 days', received_at, timestamptz '2001-01-01 00:00:00+00'));
alter table aval.inbound_message drop constraint inbound_message_carrier_account_id_carrier_message_id_key;
--rollback alter table aval.inbound_message add unique (carrier_account_id, carrier_message_id);
--rollback drop index aval.inbound_message_carrier_id;
