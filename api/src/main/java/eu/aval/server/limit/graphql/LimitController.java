// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.Days;
import eu.aval.server.access.MoneyInput;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.ShownMoney;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.limit.LimitKind;
import eu.aval.server.limit.LimitOverride;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.limit.Usage;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** How much tenants may send, what lifts it, and what was used. */
@Controller
class LimitController {

    record LimitTrafficInput(
            UUID tenantId,
            @Nullable Integer recipientPerHour,
            @Nullable Integer recipientPerDay,
            @Nullable Integer otpCoolDown,
            @Nullable Integer otpBlockPerHour,
            @Nullable Integer partsPerDay,
            @Nullable Integer partsPerMonth,
            @Nullable MoneyInput spendPerDay,
            @Nullable MoneyInput spendPerMonth) {}

    record LiftLimitInput(
            UUID tenantId,
            LimitKind limit,
            @Nullable String number,
            @Nullable String country,
            @Nullable String block,
            LimitOverride.Reason reason,
            @Nullable String reference,
            Instant expiresAt) {

        /** Shows nothing of the number. */
        @Override
        public String toString() {
            return "LiftLimitInput[" + limit + ", " + reason + "]";
        }
    }

    /** Limits as the schema has them: its numbers have 32 bits. */
    record ShownLimits(
            @Nullable Integer recipientPerHour,
            @Nullable Integer recipientPerDay,
            @Nullable Integer otpCoolDown,
            @Nullable Integer otpBlockPerHour,
            @Nullable Integer partsPerDay,
            @Nullable Integer partsPerMonth,
            @Nullable ShownMoney spendPerDay,
            @Nullable ShownMoney spendPerMonth) {

        static ShownLimits of(Limits limits) {
            return new ShownLimits(
                    limits.recipientPerHour(),
                    limits.recipientPerDay(),
                    limits.otpCoolDown(),
                    limits.otpBlockPerHour(),
                    number(limits.partsPerDay()),
                    number(limits.partsPerMonth()),
                    ShownMoney.of(limits.spendPerDay()),
                    ShownMoney.of(limits.spendPerMonth()));
        }
    }

    record ShownOverride(
            UUID id,
            TenantId tenantId,
            LimitKind limit,
            boolean oneRecipient,
            @Nullable String country,
            @Nullable String block,
            LimitOverride.Reason reason,
            @Nullable String reference,
            Instant grantedAt,
            Instant expiresAt,
            @Nullable Instant revokedAt,
            boolean inForce) {

        static ShownOverride of(LimitOverride override) {
            return new ShownOverride(
                    override.id(),
                    override.tenant(),
                    override.kind(),
                    override.subject() != null,
                    override.country(),
                    override.block(),
                    override.reason(),
                    override.reference(),
                    override.grantedAt(),
                    override.expiresAt(),
                    override.revokedAt(),
                    override.isInForce(Instant.now()));
        }
    }

    record ShownUsage(
            String day,
            UUID apiKeyId,
            int messages,
            int parts,
            @Nullable ShownMoney price) {}

    private final TrafficLimits limits;
    private final Usage usage;
    private final Tenants tenants;

    LimitController(TrafficLimits limits, Usage usage, Tenants tenants) {
        this.limits = limits;
        this.usage = usage;
        this.tenants = tenants;
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "trafficLimits")
    Mono<Map<Tenant, ShownLimits>> trafficLimits(List<Tenant> all) {
        return limits.of(all.stream().map(Tenant::id).toList())
                .map(found -> all.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                tenant -> ShownLimits.of(Objects.requireNonNull(found.get(tenant.id()))),
                                (one, same) -> one)));
    }

    @MutationMapping
    Mono<ShownLimits> limitTraffic(@Argument LimitTrafficInput input, @ContextValue Operator operator) {
        Limits wanted = new Limits(
                input.recipientPerHour(),
                input.recipientPerDay(),
                input.otpCoolDown(),
                input.otpBlockPerHour(),
                number(input.partsPerDay()),
                number(input.partsPerMonth()),
                MoneyInput.read(input.spendPerDay(), "/spendPerDay"),
                MoneyInput.read(input.spendPerMonth(), "/spendPerMonth"));
        return operator.require(tenants, input.tenantId())
                .flatMap(tenant -> limits.set(tenant, wanted, operator.actor()))
                .map(ShownLimits::of);
    }

    @MutationMapping
    Mono<ShownOverride> liftLimit(@Argument LiftLimitInput input, @ContextValue Operator operator) {
        PhoneNumber recipient = recipient(input.number());
        return operator.require(tenants, input.tenantId())
                .flatMap(tenant -> limits.grant(
                        new TrafficLimits.Grant(
                                tenant,
                                input.limit(),
                                recipient,
                                input.country(),
                                input.block(),
                                input.reason(),
                                input.reference(),
                                input.expiresAt()),
                        operator.actor()))
                .map(ShownOverride::of);
    }

    @MutationMapping
    Mono<ShownOverride> restoreLimit(@Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> limits.revoke(tenant, id, operator.actor()))
                .map(ShownOverride::of);
    }

    @QueryMapping
    Mono<Connection<ShownOverride>> limitOverrides(
            @Argument UUID tenantId,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        PageRequest page = PageRequest.of(first, after);
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> limits.overrides(tenant, page))
                .map(found ->
                        Connection.of(found.stream().map(ShownOverride::of).toList(), page, ShownOverride::id));
    }

    @QueryMapping
    Mono<List<ShownUsage>> usage(@Argument UUID tenantId, @Argument Integer days, @ContextValue Operator operator) {
        int wanted = Days.checked(days);
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> usage.ofDays(tenant, wanted))
                .map(all -> all.stream()
                        .map(each -> new ShownUsage(
                                each.day().toString(),
                                each.apiKeyId(),
                                (int) Math.min(each.messages(), Integer.MAX_VALUE),
                                (int) Math.min(each.parts(), Integer.MAX_VALUE),
                                ShownMoney.of(each.price())))
                        .toList());
    }

    private static @Nullable PhoneNumber recipient(@Nullable String number) {
        if (number == null) {
            return null;
        }
        return switch (PhoneNumbers.read(number)) {
            case PhoneNumbers.Reading.Mobile mobile -> mobile.number();
            case PhoneNumbers.Reading.Refused refused ->
                throw new Problem(
                        refused.problem(),
                        refused.detail(),
                        List.of(new Problem.Field("/number", refused.problem().name(), refused.detail())));
        };
    }

    private static @Nullable Integer number(@Nullable Long number) {
        return number == null ? null : (int) Math.min(number, Integer.MAX_VALUE);
    }

    private static @Nullable Long number(@Nullable Integer number) {
        return number == null ? null : number.longValue();
    }
}
