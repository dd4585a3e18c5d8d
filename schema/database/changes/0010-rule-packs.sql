--liquibase formatted sql

--changeset aval:0010-tenant-rule-pack
--comment Which rules a tenant is held to: hours, senders, sectors. Those that were there before get the prudent ones.
alter table aval.tenant add column rule_pack text not null default 'GUIDE' check (rule_pack ~ '^[A-Z][A-Z0-9-]{0,39}$');
--rollback alter table aval.tenant drop column rule_pack;

--changeset aval:0010-message-place
--comment Where the recipient is, as far as the country does not tell: for the hours, which are looked at again when the message is to leave.
alter table aval.message
  -- ISO 3166-2, if the request named it
  add column recipient_region text,
  -- time zones by their names, where the number tells more than its country; null where the country does
  add column zones text[],
  -- whether the request said how long it is worth sending: then being put off does not make it longer
  add column validity_given boolean not null default false;
--rollback alter table aval.message drop column recipient_region, drop column zones, drop column validity_given;
