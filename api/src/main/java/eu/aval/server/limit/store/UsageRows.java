// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import eu.aval.server.limit.Asked;
import eu.aval.server.limit.LimitKind;
import eu.aval.server.limit.LimitPassed;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.Periods;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.limit.Usage;
import eu.aval.server.limit.Used;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.TenantDatabase;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * {@code aval.usage}. A row per API key and day is always counted; whoever writes takes one of a few, so that hardly
 * anybody waits for another's commit. What is limited is counted in one row, whose new value tells whether the limit
 * still held: those who write it do wait for each other.
 */
@Component
public class UsageRows implements Usage {

    private static final int SLOTS = 8;

    private static final String READ = """
            select kind, key, messages, parts, amount from aval.usage
            where tenant_id = $1 and slot = 0
              and (kind = 'DAY' and starts_at = $2 and currency = $6
                or kind = 'MONTH' and starts_at = $3 and currency = $6
                or kind = 'BLOCK' and starts_at = $4 and key = any($5))""";

    /** In one order, so that nobody waits for each other in a circle. */
    private static final String ADD = """
            insert into aval.usage as u (tenant_id, kind, key, starts_at, currency, slot, messages, parts, amount)
            select $1, kind, key, starts_at, currency, slot, messages, parts, amount
            from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::smallint[], $7::bigint[],
                $8::bigint[], $9::numeric[])
              as n(kind, key, starts_at, currency, slot, messages, parts, amount)
            order by kind, key, starts_at, currency, slot
            on conflict (tenant_id, kind, starts_at, key, currency, slot) do update
            set messages = u.messages + excluded.messages, parts = u.parts + excluded.parts,
              amount = u.amount + excluded.amount
            returning kind, key, messages, parts, amount""";

    private static final String OF_DAYS = """
            select starts_at, key, currency, sum(messages)::bigint as messages, sum(parts)::bigint as parts,
              sum(amount) as amount
            from aval.usage where tenant_id = $1 and kind = 'KEY' and starts_at >= $2
            group by starts_at, key, currency order by starts_at desc, key, currency""";

    private record Row(String kind, String key, Instant startsAt, String currency, int slot, Sum sum) {}

    /** What a row says. */
    private record Counted(String kind, String key, Sum sum) {}

    /** What is added up: amounts of one currency only. */
    private record Group(String key, String currency) {

        static Group of(String key, @Nullable Money price) {
            return new Group(key, price == null ? "" : price.currency());
        }
    }

    private record Sum(long messages, long parts, BigDecimal amount) {

        private static final Sum NOTHING = new Sum(0, 0, BigDecimal.ZERO);

        /** @param currency of the amount; what costs in another is counted without it */
        Sum plus(Asked message, String currency) {
            Money price = message.price();
            BigDecimal added = price != null && price.currency().equals(currency) ? price.amount() : BigDecimal.ZERO;
            return new Sum(messages + 1, parts + message.parts(), amount.add(added));
        }
    }

    private final TenantDatabase database;

    /** @param database for what is read outside of a transaction */
    public UsageRows(TenantDatabase database) {
        this.database = database;
    }

    @Override
    public Mono<Used> read(
            DatabaseClient client, TenantId tenant, TrafficRules rules, Set<String> blocks, Instant now) {
        boolean perBlock = rules.limits().otpBlockPerHour() != null && !blocks.isEmpty();
        if (!rules.limits().concernTenant() && !perBlock) {
            return Mono.just(Used.NOTHING);
        }
        return client.sql(READ)
                .bind(0, tenant.value())
                .bind(1, at(Periods.day(now)))
                .bind(2, at(Periods.month(now)))
                .bind(3, at(Periods.hour(now)))
                .bind(4, perBlock ? blocks.toArray(String[]::new) : new String[0])
                .bind(5, currency(rules.limits()))
                .map(UsageRows::counted)
                .all()
                .collectList()
                .map(UsageRows::used);
    }

    private static Used used(List<Counted> rows) {
        Sum day = Sum.NOTHING;
        Sum month = Sum.NOTHING;
        Map<String, Long> blocks = new HashMap<>();
        for (Counted row : rows) {
            switch (row.kind()) {
                case "DAY" -> day = row.sum();
                case "MONTH" -> month = row.sum();
                default -> blocks.put(row.key(), row.sum().messages());
            }
        }
        return new Used(day.parts(), day.amount(), month.parts(), month.amount(), blocks);
    }

    @Override
    public Mono<Void> add(
            DatabaseClient client, TenantId tenant, TrafficRules rules, List<Asked> accepted, Instant now) {
        if (accepted.isEmpty()) {
            return Mono.empty();
        }
        List<Row> rows = rows(rules.limits(), accepted, now);
        return client.sql(ADD)
                .bind(0, tenant.value())
                .bind(1, rows.stream().map(Row::kind).toArray(String[]::new))
                .bind(2, rows.stream().map(Row::key).toArray(String[]::new))
                .bind(3, rows.stream().map(row -> at(row.startsAt())).toArray(OffsetDateTime[]::new))
                .bind(4, rows.stream().map(Row::currency).toArray(String[]::new))
                .bind(5, rows.stream().map(row -> (short) row.slot()).toArray(Short[]::new))
                .bind(6, rows.stream().map(row -> row.sum().messages()).toArray(Long[]::new))
                .bind(7, rows.stream().map(row -> row.sum().parts()).toArray(Long[]::new))
                .bind(8, rows.stream().map(row -> row.sum().amount()).toArray(BigDecimal[]::new))
                .map(UsageRows::counted)
                .all()
                .doOnNext(row -> requireWithin(rules, row, now))
                .then();
    }

    private static List<Row> rows(Limits limits, List<Asked> accepted, Instant now) {
        Map<Group, Sum> keys = new HashMap<>();
        Map<String, Sum> blocks = new HashMap<>();
        String currency = currency(limits);
        Sum all = Sum.NOTHING;
        for (Asked each : accepted) {
            Group key = Group.of(each.apiKeyId().toString(), each.price());
            keys.put(key, keys.getOrDefault(key, Sum.NOTHING).plus(each, key.currency()));
            if (each.otp()) {
                blocks.put(
                        each.block(),
                        blocks.getOrDefault(each.block(), Sum.NOTHING).plus(each, ""));
            }
            all = all.plus(each, currency);
        }
        List<Row> rows = new ArrayList<>();
        int slot = ThreadLocalRandom.current().nextInt(SLOTS);
        keys.forEach((key, sum) -> rows.add(new Row("KEY", key.key(), Periods.day(now), key.currency(), slot, sum)));
        if (limits.otpBlockPerHour() != null) {
            blocks.forEach((block, sum) -> rows.add(new Row("BLOCK", block, Periods.hour(now), "", 0, sum)));
        }
        if (limits.concernTenant()) {
            rows.add(new Row("DAY", "", Periods.day(now), currency, 0, all));
            rows.add(new Row("MONTH", "", Periods.month(now), currency, 0, all));
        }
        return rows;
    }

    /** Of the rows that are limited; none where money is not. */
    private static String currency(Limits limits) {
        return Objects.requireNonNullElse(limits.currency(), "");
    }

    /** What was read allowed it: if it is too much now, somebody came in between. */
    private static void requireWithin(TrafficRules rules, Counted row, Instant now) {
        Limits limits = rules.limits();
        boolean passed = switch (row.kind()) {
            case "DAY" -> passes(rules, row, limits.partsPerDay(), limits.spendPerDay(), now);
            case "MONTH" -> passes(rules, row, limits.partsPerMonth(), limits.spendPerMonth(), now);
            case "BLOCK" -> {
                Integer most = limits.otpBlockPerHour();
                yield most != null
                        && row.sum().messages() > most
                        && rules.lifting(LimitKind.BLOCK, null, row.key(), now) == null;
            }
            default -> false;
        };
        if (passed) {
            throw new LimitPassed();
        }
    }

    private static boolean passes(
            TrafficRules rules, Counted row, @Nullable Long parts, @Nullable Money spend, Instant now) {
        boolean quota =
                parts != null && row.sum().parts() > parts && rules.lifting(LimitKind.QUOTA, null, null, now) == null;
        boolean spent = spend != null
                && row.sum().amount().compareTo(spend.amount()) > 0
                && rules.lifting(LimitKind.SPEND, null, null, now) == null;
        return quota || spent;
    }

    @Override
    public Mono<List<OfDay>> ofDays(TenantId tenant, int days) {
        Instant since = Periods.day(Instant.now()).minus(java.time.Duration.ofDays(days - 1L));
        return database.in(
                tenant,
                client -> client.sql(OF_DAYS)
                        .bind(0, tenant.value())
                        .bind(1, at(since))
                        .map(row -> new OfDay(
                                LocalDate.ofInstant(required(row, "starts_at", Instant.class), ZoneOffset.UTC),
                                UUID.fromString(required(row, "key", String.class)),
                                required(row, "messages", Long.class),
                                required(row, "parts", Long.class),
                                price(row)))
                        .all()
                        .collectList());
    }

    private static @Nullable Money price(Readable row) {
        String currency = required(row, "currency", String.class);
        return currency.isEmpty() ? null : new Money(required(row, "amount", BigDecimal.class), currency);
    }

    private static Counted counted(Readable row) {
        return new Counted(
                required(row, "kind", String.class),
                required(row, "key", String.class),
                new Sum(
                        required(row, "messages", Long.class),
                        required(row, "parts", Long.class),
                        required(row, "amount", BigDecimal.class)));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
