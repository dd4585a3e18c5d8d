--liquibase formatted sql

--changeset aval:0002-subject
--comment A person as one tenant knows them: one row per number. The number is sealed under the subject's own key.
create table aval.subject (
  id uuid primary key,
  tenant_id uuid not null,
  -- 4 octets key id, 16 octets PRF value: the blind index of the number
  number_index bytea not null,
  number_sealed bytea not null,
  country text,
  created_at timestamptz not null default now(),
  unique (tenant_id, number_index)
);
call aval.isolate('aval.subject');
grant select, insert, update on aval.subject to aval_app, aval_platform;
grant select, update, delete on aval.subject to aval_eraser;
--rollback drop table aval.subject;

--changeset aval:0002-subject-key
--comment In a schema of its own, so that its backups can be short-lived: without this row the subject's data are noise.
create table aval_keys.subject_key (
  subject_id uuid primary key,
  tenant_id uuid not null,
  -- sealed under the tenant's AEAD keyset
  wrapped bytea not null,
  created_at timestamptz not null default now()
);
call aval.isolate('aval_keys.subject_key');
grant select, insert on aval_keys.subject_key to aval_app;
grant select, insert, update on aval_keys.subject_key to aval_platform;
grant select, delete on aval_keys.subject_key to aval_eraser;
--rollback drop table aval_keys.subject_key;

--changeset aval:0002-purpose
create table aval.purpose (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  key text not null check (key ~ '^[a-z][a-z0-9._-]{0,63}$'),
  message_class text not null check (message_class in ('OTP', 'TRANSACTIONAL', 'ALERT', 'SERVICE', 'MARKETING', 'SURVEY')),
  -- GDPR art. 6(1)
  legal_basis text not null check (legal_basis in ('CONSENT', 'CONTRACT', 'LEGAL_OBLIGATION', 'VITAL_INTERESTS', 'PUBLIC_TASK', 'LEGITIMATE_INTERESTS')),
  retention_class text not null check (retention_class in ('MESSAGE', 'CAMPAIGN', 'LIST', 'SURVEY')),
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'RETIRED')),
  created_at timestamptz not null default now(),
  unique (tenant_id, key)
);
call aval.isolate('aval.purpose');
grant select on aval.purpose to aval_app, aval_auditor;
grant select, insert, update on aval.purpose to aval_platform;
--rollback drop table aval.purpose;

--changeset aval:0002-sender
create table aval.sender (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  value text not null check (length(value) between 1 and 16),
  kind text not null check (kind in ('ALPHANUMERIC', 'SHORT_CODE', 'INTERNATIONAL')),
  is_default boolean not null default false,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'RETIRED')),
  created_at timestamptz not null default now(),
  unique (tenant_id, value)
);
create unique index sender_default on aval.sender (tenant_id) where is_default;
call aval.isolate('aval.sender');
grant select on aval.sender to aval_app, aval_auditor;
grant select, insert, update on aval.sender to aval_platform;
--rollback drop table aval.sender;

--changeset aval:0002-consent
--comment Append-only ledger: the newest record of a subject and purpose is in force.
create table aval.consent (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  subject_id uuid not null references aval.subject,
  purpose_id uuid not null references aval.purpose,
  status text not null check (status in ('GIVEN', 'WITHDRAWN')),
  -- when the person acted
  given_at timestamptz not null,
  recorded_at timestamptz not null,
  source text not null,
  wording_version text,
  locale text,
  evidence_sealed bytea,
  expires_at timestamptz,
  actor text not null
);
create index consent_in_force on aval.consent (tenant_id, subject_id, purpose_id, recorded_at desc, id desc);
call aval.isolate('aval.consent');
grant select, insert on aval.consent to aval_app, aval_platform;
grant select on aval.consent to aval_auditor;
grant select, update, delete on aval.consent to aval_eraser;
--rollback drop table aval.consent;

--changeset aval:0002-suppression
--comment The suppression list. It survives the erasure of its subject as a PRF value.
create table aval.suppression (
  id uuid primary key,
  tenant_id uuid not null references aval.tenant,
  number_index bytea not null,
  subject_id uuid references aval.subject on delete set null,
  -- '*' is every sender, every class
  sender text not null default '*',
  message_class text not null default '*',
  source text not null,
  created_at timestamptz not null,
  lifted_at timestamptz
);
create unique index suppression_in_force on aval.suppression (tenant_id, number_index, sender, message_class) where lifted_at is null;
create index suppression_subject on aval.suppression (subject_id) where subject_id is not null;
call aval.isolate('aval.suppression');
grant select, insert, update on aval.suppression to aval_app, aval_platform;
grant select on aval.suppression to aval_auditor;
grant select on aval.suppression to aval_eraser;
--rollback drop table aval.suppression;
