// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.Days;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.message.store.ClassificationFlags;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Messages that read like marketing under a purpose that is none: whether the DPO agrees, and how often it happens. */
@Controller
class ClassificationController {

    /** A flag as the schema has it. */
    record ShownFlag(
            UUID id,
            TenantId tenantId,
            UUID apiKeyId,
            String purpose,
            String day,
            int messages,
            List<String> signs,
            UUID messageId,
            ClassificationFlags.@Nullable Judgement judgement,
            @Nullable Instant judgedAt) {

        static ShownFlag of(ClassificationFlags.Flag flag) {
            return new ShownFlag(
                    flag.id(),
                    flag.tenant(),
                    flag.apiKeyId(),
                    flag.purpose(),
                    flag.day().toString(),
                    number(flag.messages()),
                    flag.signs(),
                    flag.messageId(),
                    flag.judgement(),
                    flag.judgedAt());
        }
    }

    record ShownRate(UUID apiKeyId, int messages, int flagged, int misclassified) {}

    private final ClassificationFlags flags;
    private final Tenants tenants;

    ClassificationController(ClassificationFlags flags, Tenants tenants) {
        this.flags = flags;
        this.tenants = tenants;
    }

    @QueryMapping
    Mono<Connection<ShownFlag>> classificationFlags(
            @Argument UUID tenantId,
            @Argument Boolean open,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        PageRequest page = PageRequest.of(first, after);
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> flags.page(tenant, open, page))
                .map(found -> Connection.of(found.stream().map(ShownFlag::of).toList(), page, ShownFlag::id));
    }

    @QueryMapping
    Mono<List<ShownRate>> classificationRates(
            @Argument UUID tenantId, @Argument Integer days, @ContextValue Operator operator) {
        int wanted = Days.checked(days);
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> flags.rates(tenant, wanted))
                .map(found -> found.stream()
                        .map(rate -> new ShownRate(
                                rate.apiKeyId(),
                                number(rate.messages()),
                                number(rate.flagged()),
                                number(rate.misclassified())))
                        .toList());
    }

    @MutationMapping
    Mono<ShownFlag> judgeClassification(
            @Argument UUID tenantId,
            @Argument UUID id,
            @Argument ClassificationFlags.Judgement judgement,
            @ContextValue Operator operator) {
        return operator.require(tenants, tenantId)
                .flatMap(tenant -> flags.judge(tenant, id, judgement, operator.actor()))
                .map(ShownFlag::of);
    }

    private static int number(long number) {
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
