--liquibase formatted sql

--changeset aval:0018-isolate splitStatements:false
--comment As a subquery the tenant is read once for a statement, not once for each of its rows.
create or replace procedure aval.isolate(relation regclass)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('create policy tenant on %s to aval_app using (tenant_id = (select aval.current_tenant())) with check (tenant_id = (select aval.current_tenant()))', relation);
  execute format('create policy platform on %s to aval_platform using (true) with check (true)', relation);
  execute format('create policy auditor on %s for select to aval_auditor using (true)', relation);
  execute format('create policy eraser on %s to aval_eraser using (true) with check (true)', relation);
end $$;
--rollback select 1;

--changeset aval:0018-tenant-once splitStatements:false runInTransaction:false
--comment The same for the tables that are there. One after the other, each in a transaction of its own: an older node writes to them meanwhile, in an order of its own.
do $$
declare
  isolated record;
begin
  for isolated in
    select c.oid::regclass as relation, a.attname as tenant, p.polcmd = '*' as writes
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_attribute a on a.attrelid = c.oid and a.attname = case when c.oid = 'aval.tenant'::regclass then 'id' else 'tenant_id' end
    where p.polname = 'tenant' and c.relnamespace in ('aval'::regnamespace, 'aval_keys'::regnamespace)
    order by c.oid
  loop
    execute format('alter policy tenant on %s using (%I = (select aval.current_tenant()))', isolated.relation, isolated.tenant)
      || case when isolated.writes then format(' with check (%I = (select aval.current_tenant()))', isolated.tenant) else '' end;
    commit;
  end loop;
end $$;
--rollback select 1;
