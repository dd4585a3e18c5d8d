--liquibase formatted sql

--changeset aval:0016-route-version
--comment How often a route was changed, so that a change can name the version that it was made from.
alter table aval.route add column version integer not null default 1;
--rollback alter table aval.route drop column version;
