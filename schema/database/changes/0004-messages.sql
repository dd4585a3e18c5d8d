--liquibase formatted sql

--changeset aval:0004-message
--comment The record of a message. Ids are UUIDv7, so a range of ids is a range of time: partitions by month.
create table aval.message (
  id uuid not null primary key,
  tenant_id uuid not null,
  subject_id uuid not null,
  api_key_id uuid not null,
  purpose_id uuid not null,
  message_class text not null,
  sender text not null,
  country text not null,
  -- sealed under the subject's key; null once discarded
  text_sealed bytea,
  reference_sealed bytea,
  -- blind index of the reference
  reference_index bytea,
  encoding text not null,
  parts smallint not null,
  -- test keys only reach the simulator
  simulated boolean not null default false,
  discard_text boolean not null default false,
  verdict jsonb not null,
  status text not null,
  status_at timestamptz not null,
  send_at timestamptz,
  expires_at timestamptz not null,
  accepted_at timestamptz not null,
  carrier_account_id uuid,
  attempts smallint not null default 0,
  parts_delivered smallint not null default 0,
  failure_class text,
  carrier_code text
) partition by range (id);
create index message_listing on aval.message (tenant_id, id desc);
create index message_subject on aval.message (tenant_id, subject_id, id desc);
create index message_reference on aval.message (tenant_id, reference_index, id desc) where reference_index is not null;
-- BRIN does not stand in the way of heap-only updates; the sweep for silent messages reads a slice of it
create index message_expiry on aval.message using brin (expires_at) with (pages_per_range = 16, autosummarize = on);
call aval.isolate('aval.message');
grant select, insert, update on aval.message to aval_app, aval_platform;
grant select, update, delete on aval.message to aval_eraser;
--rollback drop table aval.message;

--changeset aval:0004-dispatch
--comment What still has to leave: small and hot. A claim moves due_at to the end of its lease.
create table aval.dispatch (
  message_id uuid primary key,
  tenant_id uuid not null,
  -- the planned account; null while no route is open
  carrier_account_id uuid,
  -- 0 one-time codes, 1 what people wait for, 2 the rest
  lane smallint not null,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  parts smallint not null,
  attempts smallint not null default 0,
  -- who holds the lease
  node_id uuid
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_vacuum_insert_scale_factor = 0.2);
create index dispatch_due on aval.dispatch (carrier_account_id, lane, due_at, message_id);
call aval.isolate('aval.dispatch');
grant select, insert, update, delete on aval.dispatch to aval_app, aval_platform;
grant select, delete on aval.dispatch to aval_eraser;
--rollback drop table aval.dispatch;

--changeset aval:0004-attempt
--comment Written before bytes leave. No outcome and a dead node: nobody knows whether it was sent.
create table aval.attempt (
  message_id uuid not null,
  number smallint not null,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  node_id uuid not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  failure_class text,
  carrier_code text,
  carrier_text text,
  primary key (message_id, number)
) partition by range (message_id);
call aval.isolate('aval.attempt');
grant select, insert, update on aval.attempt to aval_app, aval_platform;
grant select, delete on aval.attempt to aval_eraser;
--rollback drop table aval.attempt;

--changeset aval:0004-submitted-part
--comment The carrier's ids, one per part or one for the whole; receipts find their message by them.
create table aval.submitted_part (
  message_id uuid not null,
  attempt smallint not null,
  part smallint not null,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  carrier_message_id text not null,
  state text,
  state_at timestamptz,
  failure_class text,
  carrier_code text,
  primary key (message_id, attempt, part)
) partition by range (message_id);
create index submitted_part_carrier on aval.submitted_part (carrier_account_id, carrier_message_id);
call aval.isolate('aval.submitted_part');
grant select, insert, update on aval.submitted_part to aval_app, aval_platform;
grant select, delete on aval.submitted_part to aval_eraser;
--rollback drop table aval.submitted_part;

--changeset aval:0004-receipt
--comment Every receipt as it came, applied or not.
create table aval.receipt (
  message_id uuid not null,
  id uuid not null,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  carrier_message_id text not null,
  part smallint,
  state text not null,
  failure_class text,
  carrier_code text,
  at timestamptz not null,
  received_at timestamptz not null,
  -- whether it moved the message
  applied boolean not null,
  raw_sealed bytea,
  primary key (message_id, id)
) partition by range (message_id);
call aval.isolate('aval.receipt');
grant select, insert on aval.receipt to aval_app, aval_platform;
grant select, delete on aval.receipt to aval_eraser;
--rollback drop table aval.receipt;

--changeset aval:0004-parked-receipt
--comment Receipts whose message is not known yet: they may come before the answer to the submit.
create table aval.parked_receipt (
  id uuid primary key,
  carrier_account_id uuid not null,
  carrier_message_ids text[] not null,
  -- the whole event, sealed under the platform's keyset
  event_sealed bytea not null,
  received_at timestamptz not null,
  expires_at timestamptz not null
);
create index parked_receipt_ids on aval.parked_receipt using gin (carrier_message_ids);
create index parked_receipt_expiry on aval.parked_receipt (expires_at);
grant select, insert, delete on aval.parked_receipt to aval_platform;
grant select, delete on aval.parked_receipt to aval_eraser;
--rollback drop table aval.parked_receipt;

--changeset aval:0004-message-event
--comment Decisions in a message's life that no attempt or receipt tells.
create table aval.message_event (
  message_id uuid not null,
  id uuid not null,
  tenant_id uuid not null,
  at timestamptz not null,
  type text not null,
  -- codes and ids only
  detail jsonb not null default '{}',
  primary key (message_id, id)
) partition by range (message_id);
call aval.isolate('aval.message_event');
grant select, insert on aval.message_event to aval_app, aval_platform;
grant select, delete on aval.message_event to aval_eraser;
--rollback drop table aval.message_event;

--changeset aval:0004-inbound-message
--comment What people wrote to us, sealed. The tenant is the one that owns the number or sender it was written to.
create table aval.inbound_message (
  id uuid primary key,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  carrier_message_id text not null,
  subject_id uuid,
  recipient text not null,
  text_sealed bytea not null,
  complete boolean not null,
  received_at timestamptz not null,
  unique (carrier_account_id, carrier_message_id)
);
call aval.isolate('aval.inbound_message');
grant select, insert on aval.inbound_message to aval_app, aval_platform;
grant select, delete on aval.inbound_message to aval_eraser;
--rollback drop table aval.inbound_message;

--changeset aval:0004-idempotency
--comment Keys and fingerprints are PRF values: a key may carry personal data, a body does.
create table aval.idempotency (
  tenant_id uuid not null,
  api_key_id uuid not null,
  operation text not null,
  key_hash bytea not null,
  fingerprint bytea not null,
  message_id uuid not null,
  expires_at timestamptz not null,
  primary key (tenant_id, api_key_id, operation, key_hash)
);
create index idempotency_expiry on aval.idempotency using brin (expires_at) with (autosummarize = on);
call aval.isolate('aval.idempotency');
grant select, insert, delete on aval.idempotency to aval_app, aval_platform;
grant select, delete on aval.idempotency to aval_eraser;
--rollback drop table aval.idempotency;

--changeset aval:0004-watermark
--comment How far a background sweep has come.
create table aval.watermark (
  name text primary key,
  at timestamptz not null
);
grant select, insert, update on aval.watermark to aval_platform;
--rollback drop table aval.watermark;

--changeset aval:0004-uuid-at splitStatements:false
--comment The smallest UUIDv7 of an instant: RFC 9562 section 5.7.
create function aval.uuid_at(at timestamptz) returns uuid
  language sql immutable
  return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
--rollback drop function aval.uuid_at(timestamptz);

--changeset aval:0004-ensure-partitions splitStatements:false
--comment Makes the partitions of this month and of the months ahead. With the owner's rights: nobody else may create tables.
create function aval.ensure_partitions(months_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  parent text;
  month timestamptz;
  child text;
  made integer := 0;
begin
  -- one at a time: two nodes may start together
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  foreach parent in array array['message', 'attempt', 'submitted_part', 'receipt', 'message_event'] loop
    for i in -1 .. months_ahead loop
      month := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
      month := ((month at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
      child := format('%s_%s', parent, to_char(month at time zone 'UTC', 'YYYYMM'));
      if to_regclass(format('aval.%I', child)) is null then
        execute format('create table aval.%I partition of aval.%I for values from (%L) to (%L)', child, parent,
          aval.uuid_at(month), aval.uuid_at(((month at time zone 'UTC') + interval '1 month') at time zone 'UTC'));
        execute format('alter table aval.%I set (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05)', child);
        execute format('alter table aval.%I enable row level security', child);
        execute format('alter table aval.%I force row level security', child);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
revoke all on function aval.ensure_partitions(integer) from public;
grant execute on function aval.ensure_partitions(integer) to aval_platform;
--rollback drop function aval.ensure_partitions(integer);

--changeset aval:0004-first-partitions
select aval.ensure_partitions(3);
--rollback select 1;
