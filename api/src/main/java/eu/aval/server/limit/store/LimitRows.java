// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import eu.aval.server.access.PageRequest;
import eu.aval.server.limit.LimitKind;
import eu.aval.server.limit.LimitOverride;
import eu.aval.server.limit.Limits;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.NullableId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Rows of limits and of what lifts them. */
final class LimitRows {

    private static final String OVERRIDE = "id, tenant_id, limit_kind, subject_id, country, number_block, reason,"
            + " reference, granted_at, expires_at, revoked_at";

    private LimitRows() {}

    static Mono<Map<TenantId, Limits>> limits(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("""
                        select tenant_id, recipient_per_hour, recipient_per_day, otp_cool_down, otp_block_per_hour,
                          parts_per_day, parts_per_month, spend_per_day, spend_per_month, currency
                        from aval.traffic_limits where tenant_id = any($1)""")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(row -> Map.entry(new TenantId(required(row, "tenant_id", UUID.class)), limits(row)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Limits limits(Readable row) {
        return new Limits(
                row.get("recipient_per_hour", Integer.class),
                row.get("recipient_per_day", Integer.class),
                row.get("otp_cool_down", Integer.class),
                row.get("otp_block_per_hour", Integer.class),
                row.get("parts_per_day", Long.class),
                row.get("parts_per_month", Long.class),
                money(row, "spend_per_day"),
                money(row, "spend_per_month"));
    }

    private static @Nullable Money money(Readable row, String column) {
        BigDecimal amount = row.get(column, BigDecimal.class);
        return amount == null ? null : new Money(amount, required(row, "currency", String.class));
    }

    static Mono<Void> write(DatabaseClient client, TenantId tenant, Limits limits) {
        return client.sql("""
                        insert into aval.traffic_limits (tenant_id, recipient_per_hour, recipient_per_day, otp_cool_down,
                          otp_block_per_hour, parts_per_day, parts_per_month, spend_per_day, spend_per_month, currency)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                        on conflict (tenant_id) do update set recipient_per_hour = excluded.recipient_per_hour,
                          recipient_per_day = excluded.recipient_per_day, otp_cool_down = excluded.otp_cool_down,
                          otp_block_per_hour = excluded.otp_block_per_hour, parts_per_day = excluded.parts_per_day,
                          parts_per_month = excluded.parts_per_month, spend_per_day = excluded.spend_per_day,
                          spend_per_month = excluded.spend_per_month, currency = excluded.currency""")
                .bind(0, tenant.value())
                .bind(1, Parameters.in(R2dbcType.INTEGER, limits.recipientPerHour()))
                .bind(2, Parameters.in(R2dbcType.INTEGER, limits.recipientPerDay()))
                .bind(3, Parameters.in(R2dbcType.INTEGER, limits.otpCoolDown()))
                .bind(4, Parameters.in(R2dbcType.INTEGER, limits.otpBlockPerHour()))
                .bind(5, Parameters.in(R2dbcType.BIGINT, limits.partsPerDay()))
                .bind(6, Parameters.in(R2dbcType.BIGINT, limits.partsPerMonth()))
                .bind(7, Parameters.in(R2dbcType.NUMERIC, amount(limits.spendPerDay())))
                .bind(8, Parameters.in(R2dbcType.NUMERIC, amount(limits.spendPerMonth())))
                .bind(9, Parameters.in(R2dbcType.VARCHAR, limits.currency()))
                .then();
    }

    private static @Nullable BigDecimal amount(@Nullable Money money) {
        return money == null ? null : money.amount();
    }

    static Mono<List<LimitOverride>> overridesInForce(DatabaseClient client, TenantId tenant) {
        return client.sql("select " + OVERRIDE + " from aval.limit_override where tenant_id = $1 and expires_at > now()"
                        + " and revoked_at is null order by id")
                .bind(0, tenant.value())
                .map(LimitRows::override)
                .all()
                .collectList();
    }

    static Mono<List<LimitOverride>> page(DatabaseClient client, TenantId tenant, PageRequest page) {
        return client.sql("select " + OVERRIDE + " from aval.limit_override where tenant_id = $1"
                        + " and ($2::uuid is null or id < $2) order by id desc limit $3")
                .bind(0, tenant.value())
                .bind(1, NullableId.of(page.after()))
                .bind(2, page.sizeAndOne())
                .map(LimitRows::override)
                .all()
                .collectList();
    }

    static Mono<LimitOverride> find(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql(
                        "select " + OVERRIDE + " from aval.limit_override where tenant_id = $1 and id = $2 for update")
                .bind(0, tenant.value())
                .bind(1, id)
                .map(LimitRows::override)
                .one();
    }

    static Mono<LimitOverride> revoke(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql(
                        "update aval.limit_override set revoked_at = now() where tenant_id = $1 and id = $2 returning "
                                + OVERRIDE)
                .bind(0, tenant.value())
                .bind(1, id)
                .map(LimitRows::override)
                .one();
    }

    static Mono<Void> insert(DatabaseClient client, LimitOverride override) {
        return client.sql("insert into aval.limit_override (" + OVERRIDE
                        + ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null)")
                .bind(0, override.id())
                .bind(1, override.tenant().value())
                .bind(2, override.kind().name())
                .bind(3, NullableId.of(override.subject()))
                .bind(4, Parameters.in(R2dbcType.VARCHAR, override.country()))
                .bind(5, Parameters.in(R2dbcType.VARCHAR, override.block()))
                .bind(6, override.reason().name())
                .bind(7, Parameters.in(R2dbcType.VARCHAR, override.reference()))
                .bind(8, override.grantedAt().atOffset(ZoneOffset.UTC))
                .bind(9, override.expiresAt().atOffset(ZoneOffset.UTC))
                .then();
    }

    private static LimitOverride override(Readable row) {
        return new LimitOverride(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                LimitKind.valueOf(required(row, "limit_kind", String.class)),
                row.get("subject_id", UUID.class),
                row.get("country", String.class),
                row.get("number_block", String.class),
                LimitOverride.Reason.valueOf(required(row, "reason", String.class)),
                row.get("reference", String.class),
                required(row, "granted_at", Instant.class),
                required(row, "expires_at", Instant.class),
                row.get("revoked_at", Instant.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
