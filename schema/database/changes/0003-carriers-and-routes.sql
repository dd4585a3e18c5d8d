--liquibase formatted sql

--changeset aval:0003-carrier-plugin
--comment Which jars may be opened: the allow-list of SHA-256 digests.
create table aval.carrier_plugin (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  plugin_id text not null,
  version text,
  approved_by text not null,
  approved_at timestamptz not null default now(),
  revoked_at timestamptz
);
grant select, insert, update on aval.carrier_plugin to aval_platform;
grant select on aval.carrier_plugin to aval_auditor;
--rollback drop table aval.carrier_plugin;

--changeset aval:0003-carrier-account
create table aval.carrier_account (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  carrier_id text not null,
  configuration jsonb not null default '{}',
  -- references (env:, file:) as they are, values sealed under the platform's keyset
  secrets jsonb not null default '{}',
  enabled boolean not null default true,
  -- tighter than what the carrier allows; null is the carrier's own
  parts_per_second numeric,
  maximum_in_flight integer,
  -- on how many nodes a session may be open; null is all
  maximum_nodes integer,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
grant select, insert, update on aval.carrier_account to aval_platform;
grant select on aval.carrier_account to aval_auditor;
--rollback drop table aval.carrier_account;

--changeset aval:0003-carrier-session
--comment Which node keeps a session of an account: a lease, renewed with the heartbeat.
create table aval.carrier_session (
  carrier_account_id uuid not null references aval.carrier_account,
  slot integer not null,
  node_id uuid not null,
  leased_until timestamptz not null,
  primary key (carrier_account_id, slot)
);
grant select, insert, update, delete on aval.carrier_session to aval_platform;
--rollback drop table aval.carrier_session;

--changeset aval:0003-route
create table aval.route (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  carrier_account_id uuid not null references aval.carrier_account,
  -- lower is tried first
  priority integer not null,
  -- null matches all; the longest prefix wins within one priority
  country text,
  prefix text check (prefix ~ '^\+[1-9][0-9]{0,14}$'),
  message_class text check (message_class in ('OTP', 'TRANSACTIONAL', 'ALERT', 'SERVICE', 'MARKETING', 'SURVEY')),
  enabled boolean not null default true,
  created_at timestamptz not null default now()
);
create index route_tenant on aval.route (tenant_id, priority);
call aval.isolate('aval.route');
grant select on aval.route to aval_app, aval_auditor;
grant select, insert, update, delete on aval.route to aval_platform;
--rollback drop table aval.route;
