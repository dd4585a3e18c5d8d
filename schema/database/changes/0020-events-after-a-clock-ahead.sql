--liquibase formatted sql

--changeset aval:0020-ensure-daily-partitions splitStatements:false
--comment Partitions of today and of the days ahead, and of the day that the ids of events have come to: they follow the last one, which a clock that was ahead may have put weeks into the future.
create or replace function aval.ensure_daily_partitions(days_ahead integer) returns integer
  language plpgsql security definer set search_path = aval, pg_temp as $$
declare
  today timestamp := date_trunc('day', now() at time zone 'UTC');
  last_event timestamp := (select date_trunc('day', to_timestamp((last_stamp >> 12) / 1000.0) at time zone 'UTC')
    from aval.outbox_relay);
  parent text;
  day timestamptz;
  child text;
  made integer := 0;
begin
  -- one at a time: two nodes may start together
  perform pg_advisory_xact_lock(hashtext('aval.ensure_partitions'));
  foreach parent in array array['event', 'webhook_attempt'] loop
    for day in
      select d at time zone 'UTC' from (
        select today + make_interval(days => i) from generate_series(-1, days_ahead) i
        union
        select last_event + make_interval(days => i) from generate_series(0, 1) i
        where parent = 'event' and last_event > today
      ) days (d) order by d
    loop
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
