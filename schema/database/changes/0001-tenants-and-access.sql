--liquibase formatted sql

--changeset aval:0001-current-tenant splitStatements:false
--comment The tenant of the running transaction: set_config('aval.tenant', id, true). Not set: no row is visible.
create function aval.current_tenant() returns uuid
  language sql stable
  return nullif(current_setting('aval.tenant', true), '')::uuid;
--rollback drop function aval.current_tenant();

--changeset aval:0001-isolate splitStatements:false
--comment Row-level security of a tenant's table: the app role sees its tenant, the platform role sees all.
create procedure aval.isolate(relation regclass)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('create policy tenant on %s to aval_app using (tenant_id = aval.current_tenant()) with check (tenant_id = aval.current_tenant())', relation);
  execute format('create policy platform on %s to aval_platform using (true) with check (true)', relation);
  execute format('create policy auditor on %s for select to aval_auditor using (true)', relation);
  execute format('create policy eraser on %s to aval_eraser using (true) with check (true)', relation);
end $$;
--rollback drop procedure aval.isolate(regclass);

--changeset aval:0001-tenant
create table aval.tenant (
  id uuid primary key,
  key text not null unique check (key ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null check (length(name) between 1 and 200),
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'SUSPENDED')),
  -- ISO 3166-1 alpha-2; a recipient elsewhere is refused
  countries text[] not null default '{FR}',
  maximum_parts smallint not null default 10 check (maximum_parts between 1 and 255),
  created_at timestamptz not null default now()
);
alter table aval.tenant enable row level security;
alter table aval.tenant force row level security;
create policy tenant on aval.tenant for select to aval_app using (id = aval.current_tenant());
create policy platform on aval.tenant to aval_platform using (true) with check (true);
create policy auditor on aval.tenant for select to aval_auditor using (true);
grant select on aval.tenant to aval_app, aval_auditor;
grant select, insert, update on aval.tenant to aval_platform;
--rollback drop table aval.tenant;

--changeset aval:0001-keyset
--comment Tink keysets, encrypted by the key-encryption key. Tenant zero is the platform itself.
create table aval.keyset (
  tenant_id uuid not null,
  kind text not null check (kind in ('AEAD', 'PRF', 'SIGNING')),
  version integer not null default 1,
  wrapped bytea not null,
  -- address of the key-encryption key that wraps it
  kek text not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, kind)
);
call aval.isolate('aval.keyset');
grant select on aval.keyset to aval_app, aval_eraser;
grant select, insert, update on aval.keyset to aval_platform;
--rollback drop table aval.keyset;

--changeset aval:0001-api-key
create table aval.api_key (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  name text not null check (length(name) between 1 and 200),
  kind text not null check (kind in ('TEST', 'TEAM', 'LIVE')),
  prefix text not null unique,
  hash bytea not null,
  scopes text[] not null,
  -- null is every purpose, every sender of the tenant
  purposes text[],
  senders text[],
  requests_per_second integer not null check (requests_per_second > 0),
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_key_tenant on aval.api_key (tenant_id, id);
call aval.isolate('aval.api_key');
grant select on aval.api_key to aval_app, aval_auditor;
grant select, insert, update on aval.api_key to aval_platform;
--rollback drop table aval.api_key;

--changeset aval:0001-api-key-recipient
--comment Whom a TEAM key may write to.
create table aval.api_key_recipient (
  api_key_id uuid not null references aval.api_key,
  tenant_id uuid not null,
  number_index bytea not null,
  primary key (api_key_id, number_index)
);
call aval.isolate('aval.api_key_recipient');
grant select on aval.api_key_recipient to aval_app, aval_auditor;
grant select, insert, update, delete on aval.api_key_recipient to aval_platform;
grant select, delete on aval.api_key_recipient to aval_eraser;
--rollback drop table aval.api_key_recipient;

--changeset aval:0001-operator-token
--comment Bearer tokens of people, until an OpenID provider is configured. No tenant: every tenant.
create table aval.operator_token (
  id uuid primary key,
  tenant_id uuid references aval.tenant,
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('SENDER', 'CAMPAIGN_MANAGER', 'SUPPORT', 'DPO', 'AUDITOR', 'ADMIN')),
  prefix text not null unique,
  hash bytea not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
call aval.isolate('aval.operator_token');
grant select on aval.operator_token to aval_auditor;
grant select, insert, update on aval.operator_token to aval_platform;
--rollback drop table aval.operator_token;

--changeset aval:0001-audit-event
--comment Append-only: opaque ids only, written in the transaction of the change.
create table aval.audit_event (
  id uuid primary key,
  tenant_id uuid,
  at timestamptz not null,
  -- 'operator:<id>', 'key:<id>' or 'system'
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb not null default '{}'
);
create index audit_event_tenant on aval.audit_event (tenant_id, id desc);
call aval.isolate('aval.audit_event');
grant select, insert on aval.audit_event to aval_app, aval_platform;
grant select on aval.audit_event to aval_auditor;
--rollback drop table aval.audit_event;

--changeset aval:0001-node
--comment Server nodes that run on this database. A node whose heartbeat is old is dead: what it leased is free.
create table aval.node (
  id uuid primary key,
  name text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
grant select, insert, update, delete on aval.node to aval_platform;
--rollback drop table aval.node;
