--liquibase formatted sql

--changeset aval:0014-traffic-limits
--comment How much a tenant may send, and how often to one person. No row is no limit: what is there already goes on as it was.
create table aval.traffic_limits (
  tenant_id uuid primary key references aval.tenant,
  recipient_per_hour integer check (recipient_per_hour > 0),
  recipient_per_day integer check (recipient_per_day > 0),
  -- seconds between two one-time codes to one number
  otp_cool_down integer check (otp_cool_down > 0),
  -- one-time codes to a block of numbers, within an hour
  otp_block_per_hour integer check (otp_block_per_hour > 0),
  parts_per_day bigint check (parts_per_day > 0),
  parts_per_month bigint check (parts_per_month > 0),
  spend_per_day numeric(16, 5) check (spend_per_day > 0),
  spend_per_month numeric(16, 5) check (spend_per_month > 0),
  -- ISO 4217, of what may be spent
  currency text check (currency ~ '^[A-Z]{3}$'),
  check (currency is not null or (spend_per_day is null and spend_per_month is null))
);
call aval.isolate('aval.traffic_limits');
grant select on aval.traffic_limits to aval_app, aval_auditor;
grant select, insert, update on aval.traffic_limits to aval_platform;
--rollback drop table aval.traffic_limits;

--changeset aval:0014-limit-override
--comment That a limit does not hold for a while, and who said so. Rows stay: they tell why something was let through.
create table aval.limit_override (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  limit_kind text not null check (limit_kind in ('COUNTRY', 'RECIPIENT', 'COOL_DOWN', 'BLOCK', 'QUOTA', 'SPEND')),
  -- where it holds; null is everywhere
  subject_id uuid,
  country text,
  number_block text,
  reason text not null,
  reference text,
  granted_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index limit_override_expiry on aval.limit_override (tenant_id, expires_at);
create index limit_override_subject on aval.limit_override (subject_id) where subject_id is not null;
call aval.isolate('aval.limit_override');
grant select on aval.limit_override to aval_app, aval_auditor;
grant select, insert, update on aval.limit_override to aval_platform;
grant select, update, delete on aval.limit_override to aval_eraser;
--rollback drop table aval.limit_override;

--changeset aval:0014-usage
--comment What was accepted: of each API key by day, always; of the tenant by day and month where it has a quota; one-time codes of each block of numbers by hour where that is limited.
create table aval.usage (
  tenant_id uuid not null,
  kind text not null check (kind in ('KEY', 'DAY', 'MONTH', 'BLOCK')),
  -- the API key, or the block: the numbers that differ in the last four digits only
  key text not null default '',
  starts_at timestamptz not null,
  -- of the amount; empty where there is no price
  currency text not null default '',
  -- writers that need not wait for each other write rows of their own
  slot smallint not null default 0,
  messages bigint not null default 0,
  parts bigint not null default 0,
  amount numeric(20, 5) not null default 0,
  primary key (tenant_id, kind, starts_at, key, currency, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
create index usage_age on aval.usage (kind, starts_at);
call aval.isolate('aval.usage');
grant select, insert, update on aval.usage to aval_app;
grant select, insert, update, delete on aval.usage to aval_platform;
grant select on aval.usage to aval_auditor;
grant select, delete on aval.usage to aval_eraser;
--rollback drop table aval.usage;

--changeset aval:0014-price
--comment What a part costs on a route, and what a message was expected to cost and may cost at most.
alter table aval.route
  add column price numeric(10, 5) check (price >= 0),
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  add constraint route_price_currency check ((price is null) = (currency is null));
alter table aval.message
  add column price numeric(14, 5),
  add column max_price numeric(14, 5),
  add column currency text;
--rollback alter table aval.message drop column price, drop column max_price, drop column currency;
--rollback alter table aval.route drop column price, drop column currency;

--changeset aval:0014-classification-flag
--comment Messages that read like marketing under a purpose of another class, counted by key, purpose and day, for the DPO.
create table aval.classification_flag (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  api_key_id uuid not null,
  purpose_id uuid not null,
  day date not null,
  messages bigint not null,
  -- codes of what was seen
  signs text[] not null,
  -- one of them, to look at
  message_id uuid not null,
  judgement text check (judgement in ('MISCLASSIFIED', 'RIGHTLY_CLASSIFIED')),
  judged_at timestamptz,
  unique (tenant_id, day, api_key_id, purpose_id)
);
create index classification_flag_listing on aval.classification_flag (tenant_id, id desc);
call aval.isolate('aval.classification_flag');
grant select, insert, update on aval.classification_flag to aval_app, aval_platform;
grant select on aval.classification_flag to aval_auditor;
grant select, delete on aval.classification_flag to aval_eraser;
--rollback drop table aval.classification_flag;
