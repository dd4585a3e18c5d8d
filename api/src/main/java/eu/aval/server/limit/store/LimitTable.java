// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import eu.aval.server.access.CaseReference;
import eu.aval.server.access.PageRequest;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.limit.LimitKind;
import eu.aval.server.limit.LimitOverride;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.Periods;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Residency;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.TenantChanges;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.traffic_limits} and {@code aval.limit_override}. */
@Component
class LimitTable implements TrafficLimits, TenantChanges {

    private static final Duration MEMORY = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Pattern BLOCK = Pattern.compile("\\+[1-9][0-9]{0,10}");
    /** What was accepted before the quota was set is in the rows of the API keys. In the order in which {@link UsageRows} counts. */
    private static final String COUNT_SO_FAR = """
            insert into aval.usage as u (tenant_id, kind, key, starts_at, currency, slot, messages, parts, amount)
            select $1, p.kind, '', p.since, $2, 0, coalesce(sum(k.messages), 0), coalesce(sum(k.parts), 0),
              coalesce(sum(k.amount) filter (where k.currency = $2), 0)
            from (values ('DAY', $3::timestamptz), ('MONTH', $4::timestamptz)) as p(kind, since)
            left join aval.usage k on k.tenant_id = $1 and k.kind = 'KEY' and k.starts_at >= p.since
            group by p.kind, p.since
            order by p.kind
            on conflict (tenant_id, kind, starts_at, key, currency, slot) do update
            set messages = excluded.messages, parts = excluded.parts, amount = excluded.amount""";

    private final PlatformDatabase platform;
    private final KeyedDatabase database;
    private final Subjects subjects;
    private final AuditTrail audit;
    private final Cache<TenantId, Mono<TrafficRules>> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    LimitTable(PlatformDatabase platform, KeyedDatabase database, Subjects subjects, AuditTrail audit) {
        this.platform = platform;
        this.database = database;
        this.subjects = subjects;
        this.audit = audit;
    }

    @Override
    public Mono<TrafficRules> of(TenantId tenant) {
        return known.get(
                tenant,
                missing -> platform.in(client -> read(client, missing))
                        .cache(rules -> MEMORY, failure -> Duration.ZERO, () -> Duration.ZERO));
    }

    private static Mono<TrafficRules> read(DatabaseClient client, TenantId tenant) {
        return LimitRows.limits(client, List.of(tenant))
                .flatMap(limits -> LimitRows.overridesInForce(client, tenant)
                        .map(overrides -> new TrafficRules(limits.getOrDefault(tenant, Limits.NONE), overrides)));
    }

    @Override
    public Mono<Map<TenantId, Limits>> of(Collection<TenantId> tenants) {
        return platform.in(client -> LimitRows.limits(client, tenants)).map(found -> {
            Map<TenantId, Limits> all = new HashMap<>(found);
            tenants.forEach(tenant -> all.putIfAbsent(tenant, Limits.NONE));
            return all;
        });
    }

    /** A new tenant is limited until somebody decides otherwise. */
    @Override
    public Mono<Void> changed(DatabaseClient client, Tenant tenant, String actor, String action) {
        return action.equals("tenant.created") ? LimitRows.write(client, tenant.id(), Limits.STANDARD) : Mono.empty();
    }

    @Override
    public Mono<Limits> set(TenantId tenant, Limits limits, Actor actor) {
        List<Problem.Field> wrong = limits.defects();
        if (!wrong.isEmpty()) {
            return Mono.error(new Problem(ProblemType.INVALID_REQUEST, "The limits have invalid fields.", wrong));
        }
        return platform.in(client -> LimitRows.write(client, tenant, limits)
                        .then(limits.concernTenant() ? countSoFar(client, tenant, limits) : Mono.empty())
                        .then(audit.append(
                                client,
                                new AuditEvent(tenant, actor, "limits.set", "tenant:" + tenant, detail(limits)))))
                .doOnSuccess(done -> known.invalidate(tenant))
                .thenReturn(limits);
    }

    private static Mono<Void> countSoFar(DatabaseClient client, TenantId tenant, Limits limits) {
        Instant now = Instant.now();
        return client.sql(COUNT_SO_FAR)
                .bind(0, tenant.value())
                .bind(1, Objects.requireNonNullElse(limits.currency(), ""))
                .bind(2, Periods.day(now).atOffset(ZoneOffset.UTC))
                .bind(3, Periods.month(now).atOffset(ZoneOffset.UTC))
                .then();
    }

    private static Map<String, Object> detail(Limits limits) {
        Map<String, Object> detail = new LinkedHashMap<>();
        put(detail, "recipientPerHour", limits.recipientPerHour());
        put(detail, "recipientPerDay", limits.recipientPerDay());
        put(detail, "otpCoolDown", limits.otpCoolDown());
        put(detail, "otpBlockPerHour", limits.otpBlockPerHour());
        put(detail, "partsPerDay", limits.partsPerDay());
        put(detail, "partsPerMonth", limits.partsPerMonth());
        put(
                detail,
                "spendPerDay",
                limits.spendPerDay() == null ? null : limits.spendPerDay().plainAmount());
        put(
                detail,
                "spendPerMonth",
                limits.spendPerMonth() == null ? null : limits.spendPerMonth().plainAmount());
        put(detail, "currency", limits.currency());
        return detail;
    }

    private static void put(Map<String, Object> detail, String name, @Nullable Object value) {
        if (value != null) {
            detail.put(name, value);
        }
    }

    @Override
    public Mono<LimitOverride> grant(Grant grant, Actor actor) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<Problem.Field> wrong = defects(grant, now);
        if (!wrong.isEmpty()) {
            return Mono.error(new Problem(ProblemType.INVALID_REQUEST, "The override has invalid fields.", wrong));
        }
        PhoneNumber recipient = grant.recipient();
        Mono<LimitOverride> granted = recipient == null
                ? platform.in(client -> write(client, override(grant, null, now), actor))
                : database.in(grant.tenant(), (client, keys) -> subject(client, keys, recipient))
                        .flatMap(subject -> platform.in(client -> write(client, override(grant, subject, now), actor)));
        return granted.doOnSuccess(done -> known.invalidate(grant.tenant()));
    }

    private Mono<UUID> subject(DatabaseClient client, TenantKeys keys, PhoneNumber number) {
        return subjects.find(client, keys, List.of(number))
                .mapNotNull(found -> found.get(number))
                .map(Subject::id)
                .switchIfEmpty(Mono.error(() -> new Problem(
                        ProblemType.NOT_FOUND,
                        "The tenant has never written to this recipient: no limit is in the way.")));
    }

    private Mono<LimitOverride> write(DatabaseClient client, LimitOverride override, Actor actor) {
        return LimitRows.insert(client, override)
                .then(audit.append(client, event(override, "limit-override.granted", actor)))
                .thenReturn(override);
    }

    private static LimitOverride override(Grant grant, @Nullable UUID subject, Instant now) {
        return new LimitOverride(
                TimeOrderedId.next(),
                grant.tenant(),
                grant.kind(),
                subject,
                grant.country(),
                grant.block(),
                grant.reason(),
                grant.reference(),
                now,
                grant.expiresAt(),
                null);
    }

    private static AuditEvent event(LimitOverride override, String action, Actor actor) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("limit", override.kind().name());
        put(
                detail,
                "subject",
                override.subject() == null ? null : override.subject().toString());
        put(detail, "country", override.country());
        put(detail, "block", override.block());
        detail.put("reason", override.reason().name());
        put(detail, "reference", override.reference());
        detail.put("expiresAt", override.expiresAt().toString());
        return new AuditEvent(override.tenant(), actor, action, "limit-override:" + override.id(), detail);
    }

    private static List<Problem.Field> defects(Grant grant, Instant now) {
        List<Problem.Field> wrong = new ArrayList<>();
        boolean ofRecipient = grant.kind() == LimitKind.RECIPIENT || grant.kind() == LimitKind.COOL_DOWN;
        if (grant.recipient() != null && !ofRecipient) {
            wrong.add(new Problem.Field("/number", "NOT_APPLICABLE", "Only for limits that concern recipients"));
        }
        String country = grant.country();
        if (grant.kind() == LimitKind.COUNTRY && (country == null || !Residency.isCountry(country))) {
            wrong.add(new Problem.Field("/country", "INVALID_VALUE", "An ISO 3166-1 alpha-2 code"));
        } else if (grant.kind() != LimitKind.COUNTRY && country != null) {
            wrong.add(new Problem.Field("/country", "NOT_APPLICABLE", "Only to let a country in"));
        }
        String block = grant.block();
        if (block != null
                && (grant.kind() != LimitKind.BLOCK || !BLOCK.matcher(block).matches())) {
            wrong.add(new Problem.Field(
                    "/block",
                    "INVALID_VALUE",
                    "A number without its last four digits, to lift the limit of its block"));
        }
        CaseReference.defect(grant.reference()).ifPresent(wrong::add);
        if (!grant.expiresAt().isAfter(now) || grant.expiresAt().isAfter(now.plus(LONGEST))) {
            wrong.add(new Problem.Field("/expiresAt", "OUT_OF_RANGE", "Within the next " + LONGEST.toDays() + " days"));
        }
        return wrong;
    }

    @Override
    public Mono<LimitOverride> revoke(TenantId tenant, UUID id, Actor actor) {
        return platform.in(client -> LimitRows.find(client, tenant, id)
                        .switchIfEmpty(
                                Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "There is no such override.")))
                        .flatMap(found -> found.revokedAt() != null
                                ? Mono.just(found)
                                : LimitRows.revoke(client, tenant, id)
                                        .flatMap(revoked -> audit.append(
                                                        client, event(revoked, "limit-override.revoked", actor))
                                                .thenReturn(revoked))))
                .doOnSuccess(done -> known.invalidate(tenant));
    }

    @Override
    public Mono<List<LimitOverride>> overrides(TenantId tenant, PageRequest page) {
        return platform.in(client -> LimitRows.page(client, tenant, page));
    }
}
