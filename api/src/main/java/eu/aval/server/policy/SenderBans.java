// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Sender;
import eu.aval.server.consent.SenderRules;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Tells at its declaration that a sender can be used for nothing: a rule of the tenant's pack forbids it today, in all classes
 * and somewhere where the tenant sends. What is forbidden in part is for the gate to say, message by message.
 */
@Component
final class SenderBans implements SenderRules {

    private static final Set<MessageClass> ALL = Set.of(MessageClass.values());

    private final Tenants tenants;
    private final RulePacks packs;

    SenderBans(Tenants tenants, RulePacks packs) {
        this.tenants = tenants;
        this.packs = packs;
    }

    @Override
    public Mono<String> refusal(TenantId id, Sender sender) {
        return tenants.find(id).flatMap(tenant -> Mono.justOrEmpty(refusal(tenant, sender)));
    }

    private Optional<String> refusal(Tenant tenant, Sender sender) {
        RulePack pack = packs.find(tenant.rulePack());
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return pack == null
                ? Optional.empty()
                : pack.senders().forbidden().stream()
                        .filter(ban -> ban.classes().containsAll(ALL)
                                && !Collections.disjoint(ban.countries(), tenant.countries())
                                && !today.isBefore(ban.from())
                                && ban.form().matcher(sender.value()).matches())
                        .findFirst()
                        .map(ban -> SenderChecks.why(pack, ban));
    }
}
