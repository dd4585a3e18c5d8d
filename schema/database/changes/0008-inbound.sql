--liquibase formatted sql

--changeset aval:0008-inbound-message-meaning
--comment What somebody wanted by writing, and the message they answered. Lists are by time, and by person.
alter table aval.inbound_message
  add column meaning text not null default 'NONE' check (meaning in ('STOP', 'START', 'HELP', 'NONE')),
  -- the newest that they had got from the tenant; null if there was none
  add column message_id uuid;
create index inbound_message_listing on aval.inbound_message (tenant_id, id desc);
create index inbound_message_subject on aval.inbound_message (tenant_id, subject_id, id desc) where subject_id is not null;
--rollback drop index aval.inbound_message_subject;
--rollback drop index aval.inbound_message_listing;
--rollback alter table aval.inbound_message drop column meaning, drop column message_id;

--changeset aval:0008-suppression-evidence
--comment What proves an opt-out that came in writing, and what took it back. START to a number undoes what STOP to it did.
alter table aval.suppression
  add column inbound_message_id uuid,
  -- the tenant's number or name; it stays when the message is gone
  add column written_to text,
  add column lifted_by uuid;
--rollback alter table aval.suppression drop column inbound_message_id, drop column written_to, drop column lifted_by;

--changeset aval:0008-message-answer
--comment The inbound message that this one confirms: an opt-out. It leaves though its recipient has opted out.
alter table aval.message add column answers uuid;
--rollback alter table aval.message drop column answers;
