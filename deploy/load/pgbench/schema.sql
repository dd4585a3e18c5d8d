create table if not exists load_row (
  id uuid primary key,
  tenant_id uuid not null,
  text bytea not null,
  at timestamptz not null default now()
);
truncate load_row;
