// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.access.PageRequest;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * {@code aval.classification_flag}: messages that read like marketing under a purpose of another class. One row for an API
 * key, a purpose and a day (UTC), however many there are: nobody reads a list of a million.
 */
@Component
public class ClassificationFlags {

    /** What the DPO found. */
    public enum Judgement {
        /** They were marketing. */
        MISCLASSIFIED,
        /** They were what their purpose says. */
        RIGHTLY_CLASSIFIED
    }

    /**
     * A flag as it is shown.
     *
     * @param purpose its key
     * @param messageId one of the messages, to look at
     * @param judgement null until the DPO has looked
     */
    public record Flag(
            UUID id,
            TenantId tenant,
            UUID apiKeyId,
            String purpose,
            LocalDate day,
            long messages,
            List<String> signs,
            UUID messageId,
            @Nullable Judgement judgement,
            @Nullable Instant judgedAt) {}

    /** How many of what an API key sent were flagged, and how many of those the DPO found to be marketing. */
    public record Rate(UUID apiKeyId, long messages, long flagged, long misclassified) {}

    private static final String SELECT = """
            select f.id, f.tenant_id, f.api_key_id, p.key as purpose, f.day, f.messages, f.signs, f.message_id, f.judgement,
              f.judged_at
            from aval.classification_flag f join aval.purpose p on p.id = f.purpose_id
            where f.tenant_id = $1""";

    private static final String RATES = """
            select coalesce(u.api_key_id, f.api_key_id) as api_key_id, coalesce(u.messages, 0)::bigint as messages,
              coalesce(f.flagged, 0)::bigint as flagged, coalesce(f.misclassified, 0)::bigint as misclassified
            from (
              select key::uuid as api_key_id, sum(messages) as messages from aval.usage
              where tenant_id = $1 and kind = 'KEY' and starts_at >= $2 group by key) u
            full join (
              select api_key_id, sum(messages) as flagged,
                sum(messages) filter (where judgement = 'MISCLASSIFIED') as misclassified
              from aval.classification_flag where tenant_id = $1 and day >= $3 group by api_key_id) f
              on f.api_key_id = u.api_key_id
            order by flagged desc, messages desc, api_key_id""";

    private final PlatformDatabase database;
    private final AuditTrail audit;

    ClassificationFlags(PlatformDatabase database, AuditTrail audit) {
        this.database = database;
        this.audit = audit;
    }

    /** Newest first; one more than asked for if there is more. */
    public Mono<List<Flag>> page(TenantId tenant, boolean open, PageRequest page) {
        return database.in(client -> client.sql(SELECT + (open ? " and f.judgement is null" : "")
                        + " and ($2::uuid is null or f.id < $2) order by f.id desc limit $3")
                .bind(0, tenant.value())
                .bind(1, NullableId.of(page.after()))
                .bind(2, page.sizeAndOne())
                .map(ClassificationFlags::flag)
                .all()
                .collectList());
    }

    /**
     * What the DPO found; may be said anew.
     *
     * @return an error {@link Problem} NOT_FOUND if there is no such flag
     */
    public Mono<Flag> judge(TenantId tenant, UUID id, Judgement judgement, Actor actor) {
        return database.in(client -> client.sql("""
                                update aval.classification_flag set judgement = $3, judged_at = now()
                                where tenant_id = $1 and id = $2""")
                .bind(0, tenant.value())
                .bind(1, id)
                .bind(2, judgement.name())
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> rows == 0
                        ? Mono.error(new Problem(ProblemType.NOT_FOUND, "There is no such flag."))
                        : audit.append(
                                client,
                                new AuditEvent(
                                        tenant,
                                        actor,
                                        "classification.judged",
                                        "classification-flag:" + id,
                                        Map.of("judgement", judgement.name()))))
                .then(Mono.defer(() -> client.sql(SELECT + " and f.id = $2")
                        .bind(0, tenant.value())
                        .bind(1, id)
                        .map(ClassificationFlags::flag)
                        .one())));
    }

    /** Of each API key over the last days, the most flagged first. */
    public Mono<List<Rate>> rates(TenantId tenant, int days) {
        LocalDate since = LocalDate.now(ZoneOffset.UTC).minusDays(days - 1L);
        return database.in(client -> client.sql(RATES)
                .bind(0, tenant.value())
                .bind(1, since.atStartOfDay().atOffset(ZoneOffset.UTC))
                .bind(2, since)
                .map(row -> new Rate(
                        required(row, "api_key_id", UUID.class),
                        required(row, "messages", Long.class),
                        required(row, "flagged", Long.class),
                        required(row, "misclassified", Long.class)))
                .all()
                .collectList());
    }

    private static Flag flag(Readable row) {
        String judgement = row.get("judgement", String.class);
        return new Flag(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                required(row, "api_key_id", UUID.class),
                required(row, "purpose", String.class),
                required(row, "day", LocalDate.class),
                required(row, "messages", Long.class),
                Arrays.asList(required(row, "signs", String[].class)),
                required(row, "message_id", UUID.class),
                judgement == null ? null : Judgement.valueOf(judgement),
                row.get("judged_at", Instant.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
