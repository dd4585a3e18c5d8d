--liquibase formatted sql

--changeset aval:0009-listening
--comment Tenants whose events are written down: those with an endpoint, or with somebody who reads the stream. Nobody else pays.
create table aval.listening (
  tenant_id uuid primary key references aval.tenant,
  -- from when on events are there
  since timestamptz not null,
  until timestamptz not null
);
call aval.isolate('aval.listening');
grant select, insert, update on aval.listening to aval_app, aval_platform;
--rollback drop table aval.listening;

--changeset aval:0009-outbox
--comment What happened, written in the transaction in which it happened. Rows go when they move to the log of events, in the order of their ids: what causes something else has the smaller one.
create table aval.outbox (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  -- whom it is about; erased with the person
  subject_id uuid,
  type text not null,
  at timestamptz not null,
  data jsonb not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0.2);
call aval.isolate('aval.outbox');
grant select, insert on aval.outbox to aval_app;
grant select, insert, delete on aval.outbox to aval_platform;
grant select, delete on aval.outbox to aval_eraser;
--rollback drop table aval.outbox;

--changeset aval:0009-rfc3339 splitStatements:false
--comment An instant as JSON has it, whatever time zone the session is in.
create function aval.rfc3339(at timestamptz) returns text
  language sql stable
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
--rollback drop function aval.rfc3339(timestamptz);

--changeset aval:0009-event-id splitStatements:false
--comment A UUIDv7 of milliseconds and a counter of twelve bits, given as one number, and of sixteen hexadecimal digits.
create function aval.event_id(stamp bigint, tail text) returns uuid
  language sql immutable
  return (lpad(to_hex(stamp >> 12), 12, '0') || '7' || lpad(to_hex(stamp & 4095), 3, '0') || tail)::uuid;
--rollback drop function aval.event_id(bigint, text);

--changeset aval:0009-outbox-relay
--comment Its only row is locked by whoever moves events: ids rise in the order in which events become visible, so that a reader who has seen one has seen all before it.
create table aval.outbox_relay (
  single boolean primary key default true check (single),
  last_stamp bigint not null
);
insert into aval.outbox_relay (last_stamp) values (0);
grant select, update on aval.outbox_relay to aval_platform;
--rollback drop table aval.outbox_relay;

--changeset aval:0009-event
--comment The log of events, for streams, retries and replays. Ids are UUIDv7: partitions by day, dropped when their time is over.
create table aval.event (
  id uuid primary key,
  tenant_id uuid not null,
  subject_id uuid,
  type text not null,
  at timestamptz not null,
  data jsonb not null
) partition by range (id);
create index event_stream on aval.event (tenant_id, id);
create index event_subject on aval.event (subject_id) where subject_id is not null;
call aval.isolate('aval.event');
grant select on aval.event to aval_app;
grant select, insert, delete on aval.event to aval_platform;
grant select, delete on aval.event to aval_eraser;
--rollback drop table aval.event;

--changeset aval:0009-event-exclusion
--comment Fields that leave the tenant in no event, or in none for one of its applications. What stands above cannot be taken back below.
create table aval.event_exclusion (
  tenant_id uuid not null references aval.tenant,
  -- the application; null is all of the tenant
  api_key_id uuid references aval.api_key,
  fields text[] not null,
  unique nulls not distinct (tenant_id, api_key_id)
);
call aval.isolate('aval.event_exclusion');
grant select, insert, update, delete on aval.event_exclusion to aval_app, aval_platform;
grant select on aval.event_exclusion to aval_auditor;
--rollback drop table aval.event_exclusion;

--changeset aval:0009-webhook-endpoint
create table aval.webhook_endpoint (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  -- the application it belongs to; null where an operator set it up for the tenant
  api_key_id uuid references aval.api_key,
  url text not null check (length(url) between 8 and 2000),
  description text check (length(description) between 1 and 200),
  -- empty is every type
  types text[] not null,
  excluded_fields text[] not null,
  state text not null default 'ENABLED' check (state in ('ENABLED', 'DISABLED')),
  -- why it is disabled
  reason text check (reason in ('REQUESTED', 'GONE', 'FAILING')),
  state_at timestamptz not null,
  -- the first failure since the last success
  failing_since timestamptz,
  succeeded_at timestamptz,
  failed_at timestamptz,
  -- it asked for a pause
  paused_until timestamptz,
  created_at timestamptz not null,
  check ((state = 'DISABLED') = (reason is not null))
);
create index webhook_endpoint_tenant on aval.webhook_endpoint (tenant_id, id);
call aval.isolate('aval.webhook_endpoint');
grant select, insert, update, delete on aval.webhook_endpoint to aval_app, aval_platform;
grant select on aval.webhook_endpoint to aval_auditor;
--rollback drop table aval.webhook_endpoint;

--changeset aval:0009-webhook-secret
--comment Keys that sign. After a rotation the earlier one signs too, until it expires.
create table aval.webhook_secret (
  id uuid primary key,
  tenant_id uuid not null,
  endpoint_id uuid not null references aval.webhook_endpoint on delete cascade,
  -- v1 is HMAC-SHA256, v1a is Ed25519
  scheme text not null check (scheme in ('v1', 'v1a')),
  -- sealed under the tenant's keyset
  secret_sealed bytea not null,
  -- whpk_, for v1a
  public_key text,
  created_at timestamptz not null,
  expires_at timestamptz
);
create index webhook_secret_endpoint on aval.webhook_secret (endpoint_id, id desc);
create unique index webhook_secret_current on aval.webhook_secret (endpoint_id) where expires_at is null;
call aval.isolate('aval.webhook_secret');
grant select, insert, update, delete on aval.webhook_secret to aval_app, aval_platform;
--rollback drop table aval.webhook_secret;

--changeset aval:0009-webhook-delivery
--comment What endpoints have still to be told: small and hot. Rows go when they are told, or when it is given up. A lease that is over is nobody's.
create table aval.webhook_delivery (
  endpoint_id uuid not null,
  event_id uuid not null,
  tenant_id uuid not null,
  due_at timestamptz not null,
  attempts smallint not null default 0,
  leased_until timestamptz,
  primary key (endpoint_id, event_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_vacuum_insert_scale_factor = 0.2);
create index webhook_delivery_due on aval.webhook_delivery (endpoint_id, due_at, event_id);
call aval.isolate('aval.webhook_delivery');
grant select, insert, update, delete on aval.webhook_delivery to aval_app, aval_platform;
--rollback drop table aval.webhook_delivery;

--changeset aval:0009-webhook-attempt
--comment The delivery log: what became of each request. Nothing of what was said or answered. Partitions by day.
create table aval.webhook_attempt (
  id uuid primary key,
  tenant_id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  type text not null,
  number smallint not null,
  at timestamptz not null,
  milliseconds integer not null,
  outcome text not null,
  status_code smallint,
  -- when it is tried again; null is never
  next_at timestamptz
) partition by range (id);
create index webhook_attempt_listing on aval.webhook_attempt (endpoint_id, id desc);
create index webhook_attempt_event on aval.webhook_attempt (event_id);
call aval.isolate('aval.webhook_attempt');
grant select, insert on aval.webhook_attempt to aval_app, aval_platform;
grant select on aval.webhook_attempt to aval_auditor;
--rollback drop table aval.webhook_attempt;

--changeset aval:0009-webhook-replay
--comment Ranges of events that an endpoint is told again, a page at a time.
create table aval.webhook_replay (
  id uuid primary key,
  tenant_id uuid not null,
  endpoint_id uuid not null references aval.webhook_endpoint on delete cascade,
  -- empty is every type
  types text[] not null,
  -- the last event that is done
  after_id uuid not null,
  before_id uuid not null
);
call aval.isolate('aval.webhook_replay');
grant select, insert on aval.webhook_replay to aval_app;
grant select, insert, update, delete on aval.webhook_replay to aval_platform;
--rollback drop table aval.webhook_replay;

--changeset aval:0009-daily-partitions splitStatements:false
--comment Makes the partitions of today and of the days ahead. With the owner's rights: nobody else may create tables.
create function aval.ensure_daily_partitions(days_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  parent text;
  day timestamptz;
  child text;
  made integer := 0;
begin
  -- one at a time: two nodes may start together
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  foreach parent in array array['event', 'webhook_attempt'] loop
    for i in -1 .. days_ahead loop
      day := (date_trunc('day', now() at time zone 'UTC') + make_interval(days => i)) at time zone 'UTC';
      child := format('%s_%s', parent, to_char(day at time zone 'UTC', 'YYYYMMDD'));
      if to_regclass(format('aval.%I', child)) is null then
        execute format('create table aval.%I partition of aval.%I for values from (%L) to (%L)', child, parent,
          aval.uuid_at(day), aval.uuid_at(day + interval '24 hours'));
        execute format('alter table aval.%I enable row level security', child);
        execute format('alter table aval.%I force row level security', child);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
revoke all on function aval.ensure_daily_partitions(integer) from public;
grant execute on function aval.ensure_daily_partitions(integer) to aval_platform;
--rollback drop function aval.ensure_daily_partitions(integer);

--changeset aval:0009-drop-daily-partitions splitStatements:false
--comment Drops the partitions whose last instant is before a time. Retention of events and of the delivery log.
create function aval.drop_daily_partitions(parent text, before timestamptz) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  child text;
  dropped integer := 0;
begin
  if parent not in ('event', 'webhook_attempt') then
    raise exception 'not a table with daily partitions';
  end if;
  -- better tomorrow than in the way of those who write
  set local lock_timeout = '2s';
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = format('aval.%I', parent)::regclass
      and (to_date(right(c.relname, 8), 'YYYYMMDD') + 1)::timestamp at time zone 'UTC' <= before
  loop
    execute format('drop table aval.%I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
revoke all on function aval.drop_daily_partitions(text, timestamptz) from public;
grant execute on function aval.drop_daily_partitions(text, timestamptz) to aval_platform;
--rollback drop function aval.drop_daily_partitions(text, timestamptz);

--changeset aval:0009-first-daily-partitions
select aval.ensure_daily_partitions(7);
--rollback select 1;
