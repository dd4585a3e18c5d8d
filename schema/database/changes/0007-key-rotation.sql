--liquibase formatted sql

--changeset aval:0007-key-rotation-progress
--comment How far a rotation has come, which node works on it, and what keeps the earlier key.
alter table aval.key_rotation
  add column part text,
  add column position text,
  add column waiting_for text[] not null default '{}',
  add column leased_by uuid,
  drop constraint key_rotation_state_check,
  -- SUPERSEDED: it waited, and the next one took over what was left
  add constraint key_rotation_state_check check (state in ('RUNNING', 'WAITING', 'DONE', 'SUPERSEDED'));
--rollback alter table aval.key_rotation drop column part, drop column position, drop column waiting_for, drop column leased_by, drop constraint key_rotation_state_check, add constraint key_rotation_state_check check (state in ('RUNNING', 'WAITING', 'DONE', 'FAILED'));

--changeset aval:0007-suppression-number
--comment Entries of a number, lifted ones too: those in force have an index of their own.
create index suppression_number on aval.suppression (tenant_id, number_index);
--rollback drop index aval.suppression_number;

--changeset aval:0007-api-key-recipient-number
create index api_key_recipient_number on aval.api_key_recipient (tenant_id, number_index);
--rollback drop index aval.api_key_recipient_number;

--changeset aval:0007-inbound-message-unowned
--comment What is sealed under the tenant's key because no person wrote it.
create index inbound_message_unowned on aval.inbound_message (tenant_id, id) where subject_id is null;
grant update (text_sealed) on aval.inbound_message to aval_platform;
--rollback drop index aval.inbound_message_unowned;
--rollback revoke update (text_sealed) on aval.inbound_message from aval_platform;
