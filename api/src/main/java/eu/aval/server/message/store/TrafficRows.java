// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.limit.RecentMessages;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What limits ask of messages, and what they leave behind with them. What recipients were sent lately is read straight
 * from their messages: nothing has to be counted and kept for it.
 */
@Component
public class TrafficRows {

    /**
     * Messages of one kind that were accepted together.
     *
     * @param signs codes of what was seen in any of them
     * @param messageId one of them
     */
    public record Seen(UUID apiKeyId, UUID purposeId, long messages, List<String> signs, UUID messageId) {}

    /** Ids are times: the index of a person's messages is read from the newest back to a day ago, and no further than needed. */
    private static final String RECENT = """
            select s.id as subject_id, count(*) filter (where m.id >= $3)::int as last_hour, count(*)::int as last_day,
              min(m.accepted_at) filter (where m.id >= $3) as hour_since, min(m.accepted_at) as day_since,
              max(m.accepted_at) filter (where m.message_class = 'OTP') as last_otp
            from unnest($2::uuid[]) as s(id)
            cross join lateral (
              select id, accepted_at, message_class from aval.message
              where tenant_id = $1 and subject_id = s.id and id >= $4 and status not in ('CANCELLED', 'BLOCKED')
              order by id desc limit $5) m
            group by s.id""";

    private static final String LIFTED = """
            insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
            select message_id, id, $1, $2, 'LIMIT_LIFTED', jsonb_build_object('limit', kind, 'override', override_id)
            from unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[]) as l(message_id, id, kind, override_id)""";

    private static final String RAISE = """
            insert into aval.classification_flag as f
              (id, tenant_id, api_key_id, purpose_id, day, messages, signs, message_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (tenant_id, day, api_key_id, purpose_id) do update
            set messages = f.messages + excluded.messages,
              signs = array(select distinct unnest(f.signs || excluded.signs) order by 1)""";

    /**
     * By subject; who was sent nothing is missing.
     *
     * @param enough how many messages of one recipient are looked at: beyond its limit nobody asks how far
     */
    public Mono<Map<UUID, RecentMessages>> of(
            DatabaseClient client, TenantId tenant, Collection<UUID> subjects, int enough, Instant now) {
        if (subjects.isEmpty()) {
            return Mono.just(Map.of());
        }
        return client.sql(RECENT)
                .bind(0, tenant.value())
                .bind(1, subjects.toArray(UUID[]::new))
                .bind(2, TimeOrderedId.atLeast(now.minus(Duration.ofHours(1))))
                .bind(3, TimeOrderedId.atLeast(now.minus(Duration.ofDays(1))))
                .bind(4, enough)
                .map(row -> Map.entry(required(row, "subject_id", UUID.class), recent(row)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Says in the timelines of messages what was lifted for them. */
    public Mono<Void> tell(DatabaseClient client, TenantId tenant, List<LiftedLimit> lifted, Instant now) {
        if (lifted.isEmpty()) {
            return Mono.empty();
        }
        Columns<LiftedLimit> rows = Columns.of(lifted);
        return client.sql(LIFTED)
                .bind(0, tenant.value())
                .bind(1, now.atOffset(ZoneOffset.UTC))
                .bind(2, rows.ids(LiftedLimit::messageId))
                .bind(3, rows.ids(each -> TimeOrderedId.next()))
                .bind(4, rows.texts(each -> each.lifted().kind().name()))
                .bind(5, rows.ids(each -> each.lifted().override()))
                .then();
    }

    /** Flags what reads like marketing, for the DPO: one row for a key, a purpose and a day (UTC). In one order, so that two never wait for each other in a circle. */
    public Mono<Void> raise(DatabaseClient client, TenantId tenant, List<Seen> seen, Instant now) {
        Mono<Void> all = Mono.empty();
        for (Seen each : seen.stream()
                .sorted(Comparator.comparing(Seen::apiKeyId).thenComparing(Seen::purposeId))
                .toList()) {
            all = all.then(client.sql(RAISE)
                    .bind(0, TimeOrderedId.next())
                    .bind(1, tenant.value())
                    .bind(2, each.apiKeyId())
                    .bind(3, each.purposeId())
                    .bind(4, LocalDate.ofInstant(now, ZoneOffset.UTC))
                    .bind(5, each.messages())
                    .bind(6, each.signs().toArray(String[]::new))
                    .bind(7, each.messageId())
                    .then());
        }
        return all;
    }

    private static RecentMessages recent(Readable row) {
        return new RecentMessages(
                required(row, "last_hour", Integer.class),
                required(row, "last_day", Integer.class),
                row.get("hour_since", Instant.class),
                row.get("day_since", Instant.class),
                row.get("last_otp", Instant.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
