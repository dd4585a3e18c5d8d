// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.LookUp;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** What people have agreed and objected to, by number. */
@Controller
class PermissionController {

    private final Consents consents;
    private final Suppressions suppressions;
    private final Tenants tenants;

    PermissionController(Consents consents, Suppressions suppressions, Tenants tenants) {
        this.consents = consents;
        this.suppressions = suppressions;
        this.tenants = tenants;
    }

    @QueryMapping
    Mono<Connection<Consents.Recorded>> consentsByNumber(
            @Argument LookUp.Input lookUp,
            @Argument @Nullable String purpose,
            @Argument Consent.@Nullable Status status,
            @Argument @Nullable Instant recordedFrom,
            @Argument @Nullable Instant recordedBefore,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        LookUp wanted = LookUp.of(lookUp, operator);
        PageRequest page = PageRequest.of(first, after);
        return tenants.require(wanted.tenant())
                .flatMap(tenant -> consents.lookUp(
                        wanted, new Consents.Filter(purpose, status, recordedFrom, recordedBefore), page))
                .map(found -> Connection.of(found, page, Consents.Recorded::id));
    }

    @QueryMapping
    Mono<Connection<Suppressions.Listed>> optOutsByNumber(
            @Argument LookUp.Input lookUp,
            @Argument @Nullable Boolean inForce,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        LookUp wanted = LookUp.of(lookUp, operator);
        PageRequest page = PageRequest.of(first, after);
        return tenants.require(wanted.tenant())
                .flatMap(tenant -> suppressions.lookUp(wanted, inForce, page))
                .map(found -> Connection.of(found, page, Suppressions.Listed::id));
    }

    @MutationMapping
    Mono<UnmaskResult> unmaskConsent(@Argument Unmask.Input unmask, @ContextValue Operator operator) {
        Set<Unmask.Field> evidence = Set.of(Unmask.Field.EVIDENCE);
        return consents.unmask(Unmask.of(unmask, evidence, evidence, operator));
    }

    @SchemaMapping(typeName = "Consent")
    boolean inForce(Consents.Recorded consent) {
        return consent.isInForce(Instant.now());
    }

    @SchemaMapping(typeName = "Consent")
    boolean hasEvidence(Consents.Recorded consent) {
        return consent.proven();
    }

    @SchemaMapping(typeName = "Consent")
    AgeBand ageBand(Consents.Recorded consent) {
        return consent.age().on(LocalDate.now(ZoneOffset.UTC));
    }

    @SchemaMapping(typeName = "OptOut")
    Instant recordedAt(Suppressions.Listed optOut) {
        return optOut.createdAt();
    }
}
