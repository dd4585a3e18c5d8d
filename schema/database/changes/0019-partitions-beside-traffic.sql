--liquibase formatted sql

--changeset aval:0019-add-partition splitStatements:false
--comment A table by itself that then becomes a partition: who reads and writes the other partitions neither waits for that nor is waited for. A table that is created as a partition locks them all.
create procedure aval.add_partition(parent text, child text, first timestamptz, until timestamptz)
  language plpgsql set search_path = aval, pg_temp as $$
begin
  execute format('create table aval.%I (like aval.%I including defaults including constraints)', child, parent);
  execute format('alter table aval.%I enable row level security', child);
  execute format('alter table aval.%I force row level security', child);
  execute format('alter table aval.%I attach partition aval.%I for values from (%L) to (%L)', parent, child,
    aval.uuid_at(first), aval.uuid_at(until));
end $$;
revoke all on procedure aval.add_partition(text, text, timestamptz, timestamptz) from public;
--rollback drop procedure aval.add_partition(text, text, timestamptz, timestamptz);

--changeset aval:0019-ensure-partitions splitStatements:false
create or replace function aval.ensure_partitions(months_ahead integer) returns integer
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
      month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
      child := format('%s_%s', parent, to_char(month at time zone 'UTC', 'YYYYMM'));
      if to_regclass(format('aval.%I', child)) is null then
        call aval.add_partition(parent, child, month, ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC');
        execute format('alter table aval.%I set (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05)', child);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
--rollback select 1;

--changeset aval:0019-ensure-access-segments splitStatements:false
create or replace function aval.ensure_access_segments(months_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  month timestamptz;
  child text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  for i in -1 .. months_ahead loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
    child := format('access_entry_%s', to_char(month at time zone 'UTC', 'YYYYMM'));
    if to_regclass(format('aval.%I', child)) is null then
      call aval.add_partition('access_entry', child, month, ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC');
      execute format('create trigger append_only_whole before truncate on aval.%I for each statement execute function aval.append_only()', child);
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;
--rollback select 1;

--changeset aval:0019-ensure-daily-partitions splitStatements:false
create or replace function aval.ensure_daily_partitions(days_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  parent text;
  day timestamptz;
  child text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  foreach parent in array array['event', 'webhook_attempt'] loop
    for i in -1 .. days_ahead loop
      day := (date_trunc('day', now() at time zone 'UTC') + make_interval(days => i)) at time zone 'UTC';
      child := format('%s_%s', parent, to_char(day at time zone 'UTC', 'YYYYMMDD'));
      if to_regclass(format('aval.%I', child)) is null then
        call aval.add_partition(parent, child, day, day + interval '24 hours');
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
--rollback select 1;
