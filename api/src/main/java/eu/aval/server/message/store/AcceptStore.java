// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.shared.TenantId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The two statements of an accepting transaction, each for a whole batch: what must be known, and what is written. One
 * round trip each, whatever the size of the batch.
 */
@Component
public class AcceptStore {

    /** A row tells by its first column what it is about. Numbers are asked for under each enabled index key. */
    private static final String FACTS = """
            with number as (
              select * from unnest($2::int[], $3::bytea[]) as n(position, number_index)
            ), known as (
              select n.position, s.id, k.wrapped, s.age_band, s.age_band_until, s.consents_alone_from
              from number n
              join aval.subject s on s.tenant_id = $1 and s.number_index = n.number_index
              join aval_keys.subject_key k on k.subject_id = s.id
            )
            select 'V' as what, 0 as position, null::uuid as id, null::bytea as octets, kind as one, null as two,
              version as number, null::timestamptz as at, null::timestamptz as since
            from aval.keyset where tenant_id = $1
            union all
            select 'S', position, id, wrapped, null, null, null, null, null from known
            union all
            select 'A', position, null, null, age_band, to_char(age_band_until, 'YYYY-MM-DD'),
              consents_alone_from - date '1970-01-01', null, null
            from known where age_band is not null
            union all
            select 'X', n.position, null, null, x.sender, x.message_class, null, x.created_at, null
            from number n
            join aval.suppression x on x.tenant_id = $1 and x.number_index = n.number_index and x.lifted_at is null
            union all
            select 'C', w.pair, c.id, null, c.status, null, null, c.expires_at, c.given_at
            from unnest($4::int[], $5::int[], $6::uuid[]) as w(pair, position, purpose_id)
            join known k on k.position = w.position
            cross join lateral (
              select id, status, expires_at, given_at from aval.consent
              where tenant_id = $1 and subject_id = k.id and purpose_id = w.purpose_id and given_by = 'RECIPIENT'
              order by recorded_at desc, id desc limit 1) c
            union all
            select 'G', w.pair, c.id, null, c.status, null, null, c.expires_at, c.given_at
            from unnest($4::int[], $5::int[], $6::uuid[]) as w(pair, position, purpose_id)
            join known k on k.position = w.position and k.consents_alone_from is not null
            cross join lateral (
              select id, status, expires_at, given_at from aval.consent
              where tenant_id = $1 and subject_id = k.id and purpose_id = w.purpose_id and given_by = 'GUARDIAN'
              order by recorded_at desc, id desc limit 1) c
            union all
            select 'T', w.pair, null, null, null, null, null, null, null
            from unnest($7::int[], $8::uuid[], $9::bytea[]) as w(pair, api_key_id, number_index)
            join aval.api_key_recipient r on r.api_key_id = w.api_key_id and r.number_index = w.number_index
            union all
            select 'I', w.position, i.message_id, i.fingerprint, m.status, m.encoding, m.parts, m.send_at, null
            from unnest($10::int[], $11::uuid[], $12::text[], $13::bytea[]) as w(position, api_key_id, operation, key_hash)
            join aval.idempotency i on i.tenant_id = $1 and i.api_key_id = w.api_key_id and i.operation = w.operation
              and i.key_hash = w.key_hash
            left join aval.message m on m.id = i.message_id""";

    /**
     * Writes what conflicts with nobody and tells which messages that is. A new subject or an idempotency key that
     * somebody else was faster with keeps the messages that need it out, and no others. Verdicts are read once for all that
     * share one.
     */
    private static final String INSERT = """
            with fresh as (
              select * from unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[])
                as f(id, number_index, number_sealed, country, wrapped)
            ), subject as (
              insert into aval.subject (id, tenant_id, number_index, number_sealed, country, created_at)
              select id, $1, number_index, number_sealed, country, $7 from fresh order by number_index
              on conflict (tenant_id, number_index) do nothing returning id
            ), subject_key as (
              insert into aval_keys.subject_key (subject_id, tenant_id, wrapped, created_at)
              select id, $1, wrapped, $7 from fresh where id in (select id from subject)
            ), given as (
              select array(select t.verdict::jsonb from unnest($40::text[]) with ordinality as t(verdict, n) order by n) as verdicts
            ), item as (
              select * from unnest($8::uuid[], $9::uuid[], $10::boolean[], $11::uuid[], $12::uuid[], $13::text[],
                  $14::text[], $15::text[], $16::bytea[], $17::bytea[], $18::bytea[], $19::text[], $20::smallint[],
                  $21::boolean[], $22::boolean[], $23::int[], $24::text[], $25::timestamptz[], $26::timestamptz[],
                  $27::uuid[], $28::smallint[], $29::timestamptz[], $30::text[], $31::bytea[], $32::bytea[],
                  $33::timestamptz[], $34::text[], $35::text[], $36::boolean[], $37::numeric[], $38::numeric[], $39::text[])
                as i(id, subject_id, new_subject, api_key_id, purpose_id, message_class, sender, country, text_sealed,
                  reference_sealed, reference_index, encoding, parts, simulated, discard_text, verdict, status, send_at,
                  expires_at, carrier_account_id, lane, due_at, operation, key_hash, fingerprint, key_expires_at, recipient_region, zones,
                  validity_given, price, max_price, currency)
            ), possible as (
              select * from item where not new_subject or subject_id in (select id from subject)
            ), key as (
              insert into aval.idempotency (tenant_id, api_key_id, operation, key_hash, fingerprint, message_id, expires_at)
              select $1, api_key_id, operation, key_hash, fingerprint, id, key_expires_at
              from possible where key_hash is not null order by api_key_id, operation, key_hash
              on conflict do nothing returning message_id
            ), accepted as (
              select * from possible where key_hash is null or id in (select message_id from key)
            ), message as (
              insert into aval.message (id, tenant_id, subject_id, api_key_id, purpose_id, message_class, sender, country,
                text_sealed, reference_sealed, reference_index, encoding, parts, simulated, discard_text, verdict, status,
                status_at, send_at, expires_at, accepted_at, carrier_account_id, recipient_region, zones,
                validity_given, price, max_price, currency)
              select id, $1, subject_id, api_key_id, purpose_id, message_class, sender, country,
                text_sealed, reference_sealed, reference_index, encoding, parts, simulated, discard_text,
                (select verdicts from given)[verdict], status, $7, send_at, expires_at, $7, carrier_account_id, recipient_region,
                string_to_array(zones, ','), validity_given, price, max_price, currency
              from accepted
            ), dispatch as (
              insert into aval.dispatch (message_id, tenant_id, carrier_account_id, lane, due_at, expires_at, parts)
              select id, $1, carrier_account_id, lane, due_at, expires_at, parts from accepted
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
              select id, id, $1, $7, case when deferred then 'DEFERRED' else 'SCHEDULED' end,
                case when deferred then\s""" + MessageChanges.DEFERRAL + """
                  else jsonb_build_object('until', until) end
              from (
                select id, until, verdict, verdict ->> 'decision' = 'DEFERRED' as deferred
                from (
                  select id, due_at as until, (select verdicts from given)[verdict] as verdict
                  from accepted where status = 'SCHEDULED') s) a
            ), told as (""" + MessageChanges.TELL_ACCEPTED + """
            )
            select id from accepted""";

    /** What is known of everything asked about. In the transaction of {@code client}. */
    public Mono<Findings> facts(DatabaseClient client, TenantId tenant, Question question) {
        return Mono.defer(() -> {
            Findings findings = new Findings();
            return question.bindTo(client.sql(FACTS).bind(0, tenant.value()))
                    .map(findings::add)
                    .all()
                    .then(Mono.just(findings));
        });
    }

    /** Writes the rows; the ids of those that were written. */
    public Mono<Set<UUID>> insert(DatabaseClient client, TenantId tenant, NewMessages rows) {
        return rows.bindTo(client.sql(INSERT), tenant.value())
                .map(row -> Objects.requireNonNull(row.get(0, UUID.class)))
                .all()
                .collect(HashSet::new, Set::add);
    }
}
