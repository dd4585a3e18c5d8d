--liquibase formatted sql

--changeset aval:0012-operator-identity
--comment People whom an issuer of OpenID tokens vouches for, since their first token. What the issuer knows them by is an index and sealed, under the platform's keysets.
create table aval.operator_identity (
  id uuid primary key,
  -- the issuer's address
  issuer text not null,
  subject_index bytea not null unique,
  subject_sealed bytea not null,
  created_at timestamptz not null,
  suspended_at timestamptz
);
grant select, insert, update on aval.operator_identity to aval_platform;
grant select on aval.operator_identity to aval_auditor;
--rollback drop table aval.operator_identity;

--changeset aval:0012-access-entry
--comment The access journal: who looked at whose data, and why. Append-only, opaque ids only, written in the transaction of the look. Ids are UUIDv7: a segment is a month, and goes as a whole.
create table aval.access_entry (
  id uuid primary key,
  -- null where it concerns the platform
  tenant_id uuid,
  at timestamptz not null,
  -- 'operator:<id>'
  actor text not null,
  roles text[] not null,
  -- tells entries of one session of an issuer from others; null for operators' tokens
  session text,
  action text not null check (action in ('LOOKED_UP', 'UNMASKED')),
  record_kind text not null check (record_kind in ('MESSAGE', 'CONSENT', 'OPT_OUT', 'INBOUND_MESSAGE', 'OPERATOR')),
  -- null where it was looked up by number
  record_id uuid,
  -- whose data; null where nobody has the number, and once the record no longer leads to a person
  subject_id uuid,
  -- what was asked for in clear
  fields text[] not null,
  reason text not null,
  -- of the case in the operator's own files
  reference text,
  -- how many records were shown, or fields in clear
  shown integer not null
) partition by range (id);
create index access_entry_tenant on aval.access_entry (tenant_id, id desc);
create index access_entry_actor on aval.access_entry (actor, id desc);
create index access_entry_subject on aval.access_entry (subject_id, id desc) where subject_id is not null;
call aval.isolate('aval.access_entry');
grant select, insert on aval.access_entry to aval_app, aval_platform;
grant select on aval.access_entry to aval_auditor;
--rollback drop table aval.access_entry;

--changeset aval:0012-append-only splitStatements:false
--comment Holds the owner, too: what is there is not changed, and goes only with its whole segment.
create function aval.append_only() returns trigger
  language plpgsql as $$
begin
  raise exception 'aval.% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on aval.access_entry
  for each row execute function aval.append_only();
--rollback drop trigger append_only on aval.access_entry;
--rollback drop function aval.append_only();

--changeset aval:0012-ensure-access-segments splitStatements:false
--comment Makes the segments of the journal, this month's and those of the months ahead. With the owner's rights: nobody else may create tables.
create function aval.ensure_access_segments(months_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  month timestamptz;
  child text;
  made integer := 0;
begin
  -- one at a time: two nodes may start together
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  for i in -1 .. months_ahead loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
    child := format('access_entry_%s', to_char(month at time zone 'UTC', 'YYYYMM'));
    if to_regclass(format('aval.%I', child)) is null then
      execute format('create table aval.%I partition of aval.access_entry for values from (%L) to (%L)', child,
        aval.uuid_at(month), aval.uuid_at(((month at time zone 'UTC') + interval '1 month') at time zone 'UTC'));
      execute format('alter table aval.%I enable row level security', child);
      execute format('alter table aval.%I force row level security', child);
      -- triggers for each row come from the parent; this kind does not
      execute format('create trigger append_only_whole before truncate on aval.%I for each statement execute function aval.append_only()', child);
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;
revoke all on function aval.ensure_access_segments(integer) from public;
grant execute on function aval.ensure_access_segments(integer) to aval_platform;
create trigger append_only_whole before truncate on aval.access_entry
  for each statement execute function aval.append_only();
--rollback drop trigger append_only_whole on aval.access_entry;
--rollback drop function aval.ensure_access_segments(integer);

--changeset aval:0012-first-access-segments
select aval.ensure_access_segments(3);
--rollback select 1;
