// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.graphql;

import eu.aval.server.access.Operator;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.carrier.Processing;
import eu.aval.server.carrier.graphql.AccountInputs.CreateCarrierAccountInput;
import eu.aval.server.carrier.graphql.AccountInputs.UpdateCarrierAccountInput;
import eu.aval.spi.Capability;
import eu.aval.spi.CarrierHealth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/**
 * Carrier accounts. They are the platform's: who may see one tenant only reaches those that its routes lead to, without
 * their settings.
 */
@Controller
class AccountController {

    record Setting(String name, String value) {}

    /** @param reference null when the value is sealed */
    record Secret(String name, Kind kind, @Nullable String reference) {

        enum Kind {
            SEALED,
            REFERENCE
        }
    }

    record Running(
            boolean available,
            CarrierAccount.Breaker breaker,
            CarrierHealth health,
            List<Capability> capabilities,
            boolean simulator,
            double partsPerSecond,
            int maximumInFlight) {

        static Running of(CarrierAccount account) {
            var throughput = account.throughput();
            return new Running(
                    account.available(),
                    account.breaker(),
                    account.health(),
                    account.capabilities().stream().sorted().toList(),
                    account.simulator(),
                    throughput.partsPerSecond(),
                    throughput.maximumInFlight());
        }
    }

    private final AccountAdministration accounts;

    AccountController(AccountAdministration accounts) {
        this.accounts = accounts;
    }

    @QueryMapping
    Mono<List<ConfiguredAccount>> carrierAccounts(@ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.list();
    }

    @QueryMapping
    Mono<ConfiguredAccount> carrierAccount(@Argument UUID id, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.find(id);
    }

    @MutationMapping
    Mono<ConfiguredAccount> createCarrierAccount(
            @Argument CreateCarrierAccountInput input, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.create(input.draft(), operator.actor());
    }

    @MutationMapping
    Mono<ConfiguredAccount> updateCarrierAccount(
            @Argument UpdateCarrierAccountInput input, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.find(input.id()).flatMap(before -> {
            AccountUpdate update = input.update(before.carrierId());
            return accounts.update(input.id(), update, operator.actor());
        });
    }

    @MutationMapping
    Mono<ConfiguredAccount> enableCarrierAccount(
            @Argument UUID id, @Argument @Nullable Integer version, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.enable(id, true, version, operator.actor());
    }

    @MutationMapping
    Mono<ConfiguredAccount> disableCarrierAccount(
            @Argument UUID id, @Argument @Nullable Integer version, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return accounts.enable(id, false, version, operator.actor());
    }

    @SchemaMapping(typeName = "CarrierAccount")
    List<Setting> settings(ConfiguredAccount account, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return account.settings().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Setting(entry.getKey(), entry.getValue()))
                .toList();
    }

    @SchemaMapping(typeName = "CarrierAccount")
    List<Secret> secrets(ConfiguredAccount account, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return account.secrets().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().equals(ConfiguredAccount.SEALED)
                        ? new Secret(entry.getKey(), Secret.Kind.SEALED, null)
                        : new Secret(entry.getKey(), Secret.Kind.REFERENCE, entry.getValue()))
                .toList();
    }

    @SchemaMapping(typeName = "CarrierAccount")
    List<String> processingCountries(ConfiguredAccount account) {
        return account.processing().countries().stream().sorted().toList();
    }

    @SchemaMapping(typeName = "CarrierAccount")
    Processing.@Nullable Transfer transferMechanism(ConfiguredAccount account) {
        return account.processing().transfer();
    }

    @SchemaMapping(typeName = "CarrierAccount")
    @Nullable
    Running running(ConfiguredAccount account) {
        CarrierAccount open = account.open();
        return open == null ? null : Running.of(open);
    }
}
