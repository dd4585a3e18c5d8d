--liquibase formatted sql

--changeset aval:0011-stop-route
--comment Where a STOP to a sender that nobody can answer goes: a short code, or an address of the web.
alter table aval.sender add column stop_route text check (length(stop_route) between 3 and 100);
--rollback alter table aval.sender drop column stop_route;

--changeset aval:0011-sector
--comment What a purpose is about, as far as the law asks; and whether it is directed at minors.
alter table aval.purpose
  add column sector text not null default 'GENERAL' check (sector ~ '^[A-Z][A-Z_]{0,39}$'),
  add column directed_at_minors boolean not null default false;
--rollback alter table aval.purpose drop column sector, drop column directed_at_minors;

--changeset aval:0011-age-band
--comment How old a person is, as coarsely as the law asks. No birth date: a band, and the day on which it ends.
alter table aval.subject
  add column age_band text check (age_band in ('CHILD', 'TEEN', 'ADULT')),
  -- the first day that is no longer in the band
  add column age_band_until date,
  -- what the person consented to before this day counts only together with the holder of parental authority
  add column consents_alone_from date,
  add constraint subject_age check (erased_at is null or (age_band is null and age_band_until is null and consents_alone_from is null)),
  add constraint subject_child check (age_band is distinct from 'CHILD' or (age_band_until is not null and consents_alone_from is not null));
--rollback alter table aval.subject drop column age_band, drop column age_band_until, drop column consents_alone_from;

--changeset aval:0011-joint-consent
--comment The consent of a child is two records: the child's, and that of the holder of parental authority. The later one names the other.
alter table aval.consent
  add column given_by text not null default 'RECIPIENT' check (given_by in ('RECIPIENT', 'GUARDIAN')),
  add column joined_with uuid;
--rollback alter table aval.consent drop column given_by, drop column joined_with;

--changeset aval:0011-residency
--comment Where the personal data of a tenant may be processed. EEA stands for its countries.
alter table aval.tenant add column residency text[] not null default '{EEA}';
--rollback alter table aval.tenant drop column residency;

--changeset aval:0011-processing-countries
--comment Where a carrier processes what is given to it. Nothing declared is within the residency of nobody.
alter table aval.carrier_account
  add column processing_countries text[] not null default '{}',
  -- GDPR chapter V, for countries outside the EEA
  add column transfer_mechanism text check (transfer_mechanism in ('ADEQUACY_DECISION', 'STANDARD_CONTRACTUAL_CLAUSES', 'BINDING_CORPORATE_RULES', 'DEROGATION'));
--rollback alter table aval.carrier_account drop column processing_countries, drop column transfer_mechanism;
