// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.policy.Verdict;
import eu.aval.server.policy.VerdictJson;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * What the gate put off. It counts in {@code sms_deferred_total}: when it was handed over, or when it was to leave. A message
 * may be put off more than once.
 */
public final class DeferredMessages {

    /** @param validityGiven whether the request said how long it is worth sending */
    record PutOff(UUID messageId, TenantId tenant, boolean validityGiven, Verdict.Deferred verdict) {}

    /**
     * Validity that the request did not name counts from when a message may leave: what is put off keeps all that is left
     * of it. That it waits again, and why, is told as when it was accepted.
     */
    private static final String DEFER = """
            with o as materialized (
              select id, tenant_id, until, verdict::jsonb as verdict, event_id, given
              from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::boolean[])
                as o(id, tenant_id, until, verdict, event_id, given)
            ), back as (
              update aval.dispatch d set due_at = o.until, node_id = null,
                expires_at = case when o.given then d.expires_at else o.until + (d.expires_at - d.due_at) end,
                attempts = d.attempts - 1
              from o where d.message_id = o.id and d.message_id = any($1)
              returning d.message_id, d.expires_at
            ), moved as (
              update aval.message m set status = 'SCHEDULED', status_at = now(), send_at = o.until,
                expires_at = back.expires_at, verdict = o.verdict
              from o join back on back.message_id = o.id
              where m.id = o.id and m.id = any($1) and m.status in ('QUEUED', 'SCHEDULED')
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            )
            insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
            select id, event_id, tenant_id, now(), 'DEFERRED',\s"""
            + MessageChanges.DEFERRAL + " from o";

    private DeferredMessages() {}

    public static void count(MeterRegistry meters, long messages) {
        meters.counter(
                        "sms.deferred",
                        "reason",
                        ProblemType.OUTSIDE_HOURS.name().toLowerCase(Locale.ROOT))
                .increment((double) messages);
    }

    /** Puts back what was claimed and may not leave yet. */
    static Mono<Void> putOff(DatabaseClient client, MeterRegistry meters, List<PutOff> messages) {
        if (messages.isEmpty()) {
            return Mono.empty();
        }
        // In the order of the ids, so that nobody waits for each other
        Columns<PutOff> rows = Columns.of(messages.stream()
                .sorted(Comparator.comparing(PutOff::messageId))
                .toList());
        return client.sql(DEFER)
                .bind(0, rows.ids(PutOff::messageId))
                .bind(1, rows.ids(each -> each.tenant().value()))
                .bind(2, rows.times(each -> each.verdict().until()))
                .bind(3, rows.texts(each -> VerdictJson.write(each.verdict())))
                .bind(4, rows.ids(each -> TimeOrderedId.next()))
                .bind(5, rows.flags(PutOff::validityGiven))
                .then()
                .doOnSuccess(none -> count(meters, messages.size()));
    }
}
