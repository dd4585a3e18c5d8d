// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.policy.RulePacks;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Brings together what a tenant has declared; from memory in nearly all cases. */
@Component
final class TermsOfTenants {

    private final Purposes purposes;
    private final Senders senders;
    private final Tenants tenants;
    private final RulePacks rulePacks;
    private final TrafficLimits limits;

    TermsOfTenants(Purposes purposes, Senders senders, Tenants tenants, RulePacks rulePacks, TrafficLimits limits) {
        this.purposes = purposes;
        this.senders = senders;
        this.tenants = tenants;
        this.rulePacks = rulePacks;
        this.limits = limits;
    }

    Mono<Terms> of(TenantId tenant) {
        return Mono.zip(purposes.of(tenant), senders.of(tenant), tenants.find(tenant), limits.of(tenant))
                .map(declared -> terms(declared.getT1(), declared.getT2(), declared.getT3(), declared.getT4()));
    }

    private Terms terms(Map<String, Purpose> purposes, Map<String, Sender> senders, Tenant tenant, TrafficRules rules) {
        if (tenant.state() == Tenant.State.SUSPENDED) {
            throw new Problem(ProblemType.FORBIDDEN, "The tenant is suspended");
        }
        return new Terms(
                purposes,
                senders,
                Sender.standard(senders.values()),
                rules.countries(tenant.countries(), Instant.now()),
                tenant.maximumParts(),
                rulePacks.find(tenant.rulePack()),
                rules);
    }
}
