// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.Processing;
import eu.aval.server.carrier.plugin.Approval;
import eu.aval.server.carrier.plugin.InstalledPlugins;
import eu.aval.server.carrier.plugin.TestPlugin;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Plugins and accounts of one node, without a database: jars lie in a directory of the test and are all approved. */
final class CarrierSetup {

    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Map<String, Approval> approvals = new HashMap<>();
    private final Map<UUID, AccountRow> wanted = new HashMap<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Path directory;
    private final InstalledPlugins plugins;
    private final HostedAccounts accounts;

    private CarrierSetup(Path directory, Duration breakerWait, CarrierEvents events) {
        this.directory = directory;
        this.plugins = new InstalledPlugins(directory, List.of(), "1.0.0");
        var settings = new CarrierSettings(
                directory,
                "1.0.0",
                List.of(directory),
                Duration.ofSeconds(2),
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                breakerWait,
                Duration.ofSeconds(20),
                CarrierSettings.Events.USUAL);
        this.accounts = new HostedAccounts(
                settings,
                plugins::find,
                new AccountSecrets(new NoKeys(), List.of(directory), name -> null),
                () -> events,
                registry,
                Clock.systemUTC());
    }

    static CarrierSetup in(Path directory) {
        return new CarrierSetup(directory, Duration.ofMinutes(5), (account, event) -> Mono.empty());
    }

    static CarrierSetup in(Path directory, Duration breakerWait) {
        return new CarrierSetup(directory, breakerWait, (account, event) -> Mono.empty());
    }

    static CarrierSetup in(Path directory, CarrierEvents events) {
        return new CarrierSetup(directory, Duration.ofMinutes(5), events);
    }

    HostedAccounts accounts() {
        return accounts;
    }

    InstalledPlugins plugins() {
        return plugins;
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    /** Its digest. */
    String install(TestPlugin plugin) throws IOException {
        String digest = plugin.writeTo(directory.resolve(UUID.randomUUID() + ".jar"));
        approvals.put(digest, new Approval(digest, plugin.id(), false));
        scan();
        return digest;
    }

    void revoke(String digest) {
        approvals.computeIfPresent(digest, (same, before) -> new Approval(same, before.pluginId(), true));
        scan();
    }

    private void scan() {
        StepVerifier.create(plugins.scan(Map.copyOf(approvals)))
                .expectComplete()
                .verify(PATIENCE);
    }

    /** The first of them, once it takes submits. */
    CarrierAccount opened(AccountRow... rows) {
        bring(rows);
        await(() -> {
            CarrierAccount account = accounts.find(rows[0].id());
            return account != null && account.available();
        });
        return Objects.requireNonNull(accounts.find(rows[0].id()));
    }

    void bring(AccountRow... rows) {
        for (AccountRow row : rows) {
            wanted.put(row.id(), row);
        }
        accounts.bringAbout(wanted.values(), 1, Map.of(), Set.of());
    }

    void close() {
        StepVerifier.create(accounts.closeAll()).expectComplete().verify(PATIENCE);
    }

    static AccountRow account(String carrier) {
        return account(carrier, null);
    }

    static AccountRow account(String carrier, @Nullable Integer window) {
        return new AccountRow(
                UUID.randomUUID(),
                carrier + "-one",
                carrier,
                Map.of(),
                Map.of(),
                true,
                null,
                window,
                null,
                Processing.UNDECLARED,
                1,
                Instant.now());
    }

    static SubmitRequest request() {
        return SubmitRequest.builder(
                        UUID.randomUUID(),
                        Address.e164("+33639980000"),
                        Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                        Text.of("hello"))
                .build();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class NoKeys implements Keys {

        @Override
        public Mono<TenantKeys> of(TenantId tenant) {
            return Mono.error(new IllegalStateException("No secret is sealed here"));
        }

        @Override
        public Mono<TenantKeys> refresh(TenantId tenant) {
            return of(tenant);
        }
    }
}
