-- Run once by a database administrator, connected to Aval's database. The embedded default does the same by itself.
--   psql "$ADMIN_URL" -v owner_password=... -v app_password=... -v platform_password=... -f roles.sql
-- owner: migrations (DDL). app: one tenant per transaction, row-level security forced. platform: dispatch, receipts,
-- administration, across tenants. eraser and auditor: later use by jobs and people of that name.
create role aval_owner login password :'owner_password';
create role aval_app login password :'app_password';
create role aval_platform login password :'platform_password';
create role aval_eraser nologin;
create role aval_auditor nologin;
create schema aval authorization aval_owner;
create schema aval_keys authorization aval_owner;
grant usage on schema aval to aval_app, aval_platform, aval_eraser, aval_auditor;
grant usage on schema aval_keys to aval_app, aval_platform, aval_eraser;
revoke create on schema public from public;
alter role aval_app set idle_in_transaction_session_timeout = '30s';
alter role aval_platform set idle_in_transaction_session_timeout = '30s';
alter role aval_app set statement_timeout = '30s';
alter role aval_platform set statement_timeout = '60s';
