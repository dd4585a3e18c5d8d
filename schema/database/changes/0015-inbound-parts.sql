--liquibase formatted sql

--changeset aval:0015-inbound-assembly
--comment A message of which parts have come. It stays for an hour after it was handed on, so that a part that comes again is known.
create table aval.inbound_assembly (
  id uuid primary key,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  -- of the account, who wrote, to whom, the reference and the total
  group_index bytea not null,
  -- null when no person wrote
  subject_id uuid,
  recipient text not null,
  total smallint not null check (total between 2 and 255),
  last_part_at timestamptz not null default now(),
  -- handed on then
  finished_at timestamptz
);
create unique index inbound_assembly_open on aval.inbound_assembly (tenant_id, group_index) where finished_at is null;
create index inbound_assembly_group on aval.inbound_assembly (tenant_id, group_index, id desc);
create index inbound_assembly_waiting on aval.inbound_assembly (last_part_at) where finished_at is null;
create index inbound_assembly_finished on aval.inbound_assembly (finished_at) where finished_at is not null;
create index inbound_assembly_subject on aval.inbound_assembly (subject_id) where subject_id is not null;
call aval.isolate('aval.inbound_assembly');
grant select, insert, update on aval.inbound_assembly to aval_app;
grant select, insert, update, delete on aval.inbound_assembly to aval_platform;
grant select, delete on aval.inbound_assembly to aval_eraser;
--rollback drop table aval.inbound_assembly;

--changeset aval:0015-inbound-part
--comment Parts, sealed until their message is handed on; then only what tells that the same part comes again.
create table aval.inbound_part (
  id uuid primary key,
  tenant_id uuid not null,
  assembly_id uuid not null references aval.inbound_assembly on delete cascade,
  subject_id uuid,
  number smallint not null check (number between 1 and 255),
  carrier_message_id text not null,
  received_at timestamptz not null,
  -- of the text: the same part again has the same
  text_index bytea not null,
  text_sealed bytea,
  unique (assembly_id, number)
);
create index inbound_part_unowned on aval.inbound_part (tenant_id, id) where subject_id is null;
call aval.isolate('aval.inbound_part');
grant select, insert, update on aval.inbound_part to aval_app;
grant select, insert, update, delete on aval.inbound_part to aval_platform;
grant select, delete on aval.inbound_part to aval_eraser;
--rollback drop table aval.inbound_part;
