// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.demo;

import eu.aval.server.access.ApiKey;
import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.Application;
import eu.aval.server.access.Operator;
import eu.aval.server.access.OperatorToken;
import eu.aval.server.access.OperatorTokens;
import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.CarrierPlugins;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Senders;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes the demo tenant through the same doors that an administrator uses. Each step looks first whether it is done: a
 * first start that was cut off is completed by the next.
 */
final class DemoTenant {

    private static final String KEY = "demo";
    private static final String SENDER = "AVAL";
    /** Nobody can answer a name. */
    private static final String STOP_ROUTE = "36180";

    private static final String ACCOUNT = "simulator";
    private static final String SIMULATOR = "simulator";
    /** France and its overseas departments. */
    private static final Set<String> COUNTRIES = Set.of("FR", "RE", "GP", "MQ", "GF", "YT");

    private static final int MAXIMUM_PARTS = 10;
    private static final int REQUESTS_PER_SECOND = 10_000;

    private final Tenants tenants;
    private final Purposes purposes;
    private final Senders senders;
    private final AccountAdministration accounts;
    private final CarrierPlugins plugins;
    private final Path carriers;
    private final RouteAdministration routes;
    private final TrafficLimits limits;
    private final ApiKeys keys;
    private final OperatorTokens tokens;

    DemoTenant(
            Tenants tenants,
            Purposes purposes,
            Senders senders,
            AccountAdministration accounts,
            CarrierPlugins plugins,
            Path carriers,
            RouteAdministration routes,
            TrafficLimits limits,
            ApiKeys keys,
            OperatorTokens tokens) {
        this.tenants = tenants;
        this.purposes = purposes;
        this.senders = senders;
        this.accounts = accounts;
        this.plugins = plugins;
        this.carriers = carriers;
        this.routes = routes;
        this.limits = limits;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** Secrets that are shown once. */
    record Credentials(String apiKey, String dpoToken, String adminToken) {

        @Override
        public String toString() {
            return "Credentials[...]";
        }
    }

    /** Whether the server has no tenant yet. */
    Mono<Boolean> isFirst() {
        return tenants.list().map(List::isEmpty);
    }

    Mono<Credentials> create() {
        return tenants.find(KEY)
                .switchIfEmpty(Mono.defer(() ->
                        tenants.create(new Tenant.Draft(KEY, "Demo", COUNTRIES, MAXIMUM_PARTS), Actor.SYSTEM.value())))
                .map(Tenant::id)
                .flatMap(tenant -> declarePurposes(tenant)
                        .then(declareSender(tenant))
                        .then(route(tenant))
                        .then(unlimited(tenant))
                        .then(issue(tenant)));
    }

    private Mono<Void> declarePurposes(TenantId tenant) {
        return purposes.of(tenant)
                .flatMapMany(declared -> Flux.fromArray(MessageClass.values())
                        .filter(each -> !declared.containsKey(key(each)))
                        .concatMap(each -> purposes.declare(
                                tenant,
                                new Purposes.Declaration(key(each), each, basis(each), retention(each)),
                                Actor.SYSTEM)))
                .then();
    }

    private Mono<Void> declareSender(TenantId tenant) {
        return senders.of(tenant)
                .filter(declared -> !declared.containsKey(SENDER))
                .flatMap(declared ->
                        senders.declare(tenant, new Senders.Declaration(SENDER, true, STOP_ROUTE), Actor.SYSTEM))
                .then();
    }

    private Mono<Void> route(TenantId tenant) {
        return account()
                .flatMap(account -> routes.list(tenant)
                        .filter(List::isEmpty)
                        .flatMap(none -> routes.create(tenant, RouteDraft.everythingTo(account.id()), Actor.SYSTEM)))
                .then();
    }

    /** Its numbers belong to nobody, and whoever tries it out sends to the same one again and again. */
    private Mono<Void> unlimited(TenantId tenant) {
        return limits.set(tenant, Limits.NONE, Actor.SYSTEM).then();
    }

    private Mono<ConfiguredAccount> account() {
        return accounts.list()
                .flatMapIterable(all -> all)
                .filter(account -> account.name().equals(ACCOUNT))
                .next()
                .switchIfEmpty(
                        Mono.defer(() -> accounts.create(AccountDraft.of(ACCOUNT, SIMULATOR, Map.of()), Actor.SYSTEM)))
                .onErrorMap(
                        MissingCarrier::isMeant,
                        missing -> MissingCarrier.of(SIMULATOR, plugins.known(), carriers, missing));
    }

    private Mono<Credentials> issue(TenantId tenant) {
        return keys.issue(
                        ApiKey.Draft.unrestricted(tenant, "Demo", Application.Kind.LIVE, REQUESTS_PER_SECOND),
                        Actor.SYSTEM)
                .flatMap(key -> tokens.issue(
                                new OperatorToken.Draft(tenant, "Demo DPO", Operator.Role.DPO, null), Actor.SYSTEM)
                        .flatMap(dpo -> tokens.issue(
                                        new OperatorToken.Draft(null, "Demo administrator", Operator.Role.ADMIN, null),
                                        Actor.SYSTEM)
                                .map(admin -> new Credentials(key.secret(), dpo.secret(), admin.secret()))));
    }

    private static String key(MessageClass messageClass) {
        return messageClass.name().toLowerCase(Locale.ROOT);
    }

    private static LegalBasis basis(MessageClass messageClass) {
        return switch (messageClass) {
            case OTP, TRANSACTIONAL, SERVICE -> LegalBasis.CONTRACT;
            case ALERT -> LegalBasis.LEGITIMATE_INTERESTS;
            case MARKETING, SURVEY -> LegalBasis.CONSENT;
        };
    }

    private static RetentionClass retention(MessageClass messageClass) {
        return switch (messageClass) {
            case OTP, TRANSACTIONAL, SERVICE, ALERT -> RetentionClass.MESSAGE;
            case MARKETING -> RetentionClass.CAMPAIGN;
            case SURVEY -> RetentionClass.SURVEY;
        };
    }
}
