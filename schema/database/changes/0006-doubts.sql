--liquibase formatted sql

--changeset aval:0006-dispatch-pinned
--comment An uncertain submit that is repeated under the same key: it never goes to another account.
alter table aval.dispatch add column pinned boolean not null default false;
--rollback alter table aval.dispatch drop column pinned;

--changeset aval:0006-node-fenced
--comment Set when a node is taken for dead: it gets no lease from then on, though it may wake up.
alter table aval.node add column fenced_at timestamptz;
--rollback alter table aval.node drop column fenced_at;

--changeset aval:0006-doubt
--comment Attempts of which nobody knows whether they were sent, until somebody does.
create table aval.doubt (
  message_id uuid primary key,
  attempt smallint not null,
  tenant_id uuid not null,
  carrier_account_id uuid not null,
  step text not null check (step in ('LOOK_UP', 'WAIT')),
  looks smallint not null default 0,
  due_at timestamptz not null
);
create index doubt_due on aval.doubt (due_at);
call aval.isolate('aval.doubt');
grant select, insert, update, delete on aval.doubt to aval_platform;
grant select, delete on aval.doubt to aval_eraser;
--rollback drop table aval.doubt;

--changeset aval:0006-parked-receipt-lock
--comment Two nodes look at what is parked; a row lock, which needs this right, gives each receipt to one of them.
grant update on aval.parked_receipt to aval_platform;
--rollback revoke update on aval.parked_receipt from aval_platform;
