--liquibase formatted sql

--changeset aval:0005-erased-subject
--comment What is left of an erased person: an id that consents and messages point to. Forward only: a number that is gone cannot be put back.
alter table aval.subject
  alter column number_index drop not null,
  alter column number_sealed drop not null,
  add column erased_at timestamptz,
  add constraint subject_number check ((erased_at is null) = (number_index is not null and number_sealed is not null));
--rollback select 1;

--changeset aval:0005-erasure-grants
--comment Erasure runs under the platform role: the app role, which serves requests, can destroy no key.
grant delete on aval_keys.subject_key to aval_platform;
grant update (evidence_sealed) on aval.consent to aval_platform;
--rollback revoke delete on aval_keys.subject_key from aval_platform;
--rollback revoke update (evidence_sealed) on aval.consent from aval_platform;

--changeset aval:0005-key-rotation
--comment Rotations of keys, running and ended. A node that works on one holds its lease.
create table aval.key_rotation (
  id uuid primary key,
  -- the platform's id where the key-encryption key is concerned
  tenant_id uuid not null,
  kind text not null check (kind in ('KEK', 'AEAD', 'PRF')),
  state text not null check (state in ('RUNNING', 'WAITING', 'DONE', 'FAILED')),
  step text not null check (step in ('ADD', 'PROMOTE', 'CARRY', 'DISABLE')),
  -- the key that takes over: Tink's key id, or the address of the key-encryption key
  key text,
  carried bigint not null default 0,
  -- what is still under an earlier key and cannot be carried over: it has to expire
  remaining bigint not null default 0,
  failure text,
  started_by text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  next_at timestamptz not null,
  leased_until timestamptz
);
create unique index key_rotation_running on aval.key_rotation (tenant_id, kind) where state in ('RUNNING', 'WAITING');
create index key_rotation_listing on aval.key_rotation (tenant_id, id desc);
call aval.isolate('aval.key_rotation');
grant select on aval.key_rotation to aval_app, aval_auditor;
grant select, insert, update on aval.key_rotation to aval_platform;
--rollback drop table aval.key_rotation;

--changeset aval:0005-erasure-of-messages
--comment Receipts and messages from a person go with the person. Keys of idempotency are found by their message: ids rise with time, so a BRIN does.
grant update (raw_sealed) on aval.receipt to aval_platform;
grant delete on aval.inbound_message to aval_platform;
create index idempotency_message on aval.idempotency using brin (message_id) with (autosummarize = on);
--rollback drop index aval.idempotency_message;
--rollback revoke update (raw_sealed) on aval.receipt from aval_platform;
--rollback revoke delete on aval.inbound_message from aval_platform;
