// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.carrier.CarrierPlugins;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.carrier.Processing;
import eu.aval.server.carrier.plugin.TestPlugin;
import eu.aval.server.carrier.store.SessionRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.tenant.PlatformDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@PlatformTest
final class CarrierHostIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private CarrierPlugins plugins;

    @Autowired
    private AccountAdministration administration;

    @Autowired
    private CarrierAccounts accounts;

    @Autowired
    private CarrierSettings settings;

    @Autowired
    private SessionRows sessions;

    @Autowired
    private PlatformDatabase database;

    @Autowired
    private FreshDatabase fresh;

    @Test
    void opensAnAccountOfAnApprovedPluginAndSealsItsSecret() throws IOException {
        install("sealing");

        ConfiguredAccount created = one(administration.create(
                AccountDraft.of("sealing-one", "sealing", Map.of("window", "5", "password", "hush-hush")),
                Actor.SYSTEM));

        assertThat(created.secrets()).containsExactly(Map.entry("password", "sealed"));
        assertThat(created.settings()).containsExactly(Map.entry("window", "5"));
        assertThat(String.valueOf(
                        fresh.value("select secrets::text from aval.carrier_account where name = 'sealing-one'")))
                .contains("sealed:")
                .doesNotContain("hush");
        assertThat(fresh.number(
                        "select count(*) from aval.audit_event where object = ?", "carrier-account:" + created.id()))
                .isEqualTo(1);
        await(() -> accounts.reachable(created.id()));
    }

    @Test
    void removesASecretThatTheCarrierCanDoWithout() throws IOException {
        install("forgetting");
        AccountDraft draft = AccountDraft.of("forgetting-one", "forgetting", Map.of());
        UUID account = one(administration.create(
                        AccountDraft.of("forgetting-one", "forgetting", Map.of("password", "hush-hush")), Actor.SYSTEM))
                .id();

        ConfiguredAccount kept = one(administration.update(account, AccountUpdate.to(draft), Actor.SYSTEM));
        ConfiguredAccount without = one(administration.update(
                account, new AccountUpdate(draft, List.of("password"), kept.version()), Actor.SYSTEM));

        assertThat(kept.secrets()).containsOnlyKeys("password");
        assertThat(without.secrets()).isEmpty();
        assertThat(fresh.value("select secrets::text from aval.carrier_account where id = ?", account))
                .isEqualTo("{}");
    }

    @Test
    void refusesSettingsThatDoNotFit() throws IOException {
        install("fitting");

        StepVerifier.create(administration.create(
                        AccountDraft.of("fitting-one", "fitting", Map.of("window", "many", "colour", "red")),
                        Actor.SYSTEM))
                .expectErrorSatisfies(error -> assertThat(((Problem) error).fields())
                        .extracting(Problem.Field::pointer, Problem.Field::code)
                        .containsExactlyInAnyOrder(
                                tuple("/settings/window", "WRONG_TYPE"), tuple("/settings/colour", "UNKNOWN")))
                .verify(PATIENCE);
    }

    @Test
    void closesAnAccountThatIsDisabledAndAllOfARevokedPlugin() throws IOException {
        String digest = install("closing");
        UUID disabled = one(administration.create(AccountDraft.of("closing-one", "closing", Map.of()), Actor.SYSTEM))
                .id();
        UUID orphaned = one(administration.create(AccountDraft.of("closing-two", "closing", Map.of()), Actor.SYSTEM))
                .id();
        await(() -> accounts.reachable(disabled) && accounts.reachable(orphaned));

        one(administration.enable(disabled, false, null, Actor.SYSTEM));
        await(() -> accounts.find(disabled) == null);
        StepVerifier.create(plugins.revoke(digest, Actor.SYSTEM))
                .expectComplete()
                .verify(PATIENCE);
        await(() -> accounts.find(orphaned) == null);

        assertThat(one(administration.find(orphaned)).problem()).contains("No working plugin");
    }

    @Test
    void leavesASessionToTheNodeThatHoldsIt() throws IOException {
        install("leasing");
        UUID other = UUID.randomUUID();
        UUID account = one(administration.create(
                        new AccountDraft(
                                "leasing-one", "leasing", false, Map.of(), null, null, 1, Processing.UNDECLARED),
                        Actor.SYSTEM))
                .id();
        assertThat(holds(account, other)).isTrue();

        one(administration.enable(account, true, null, Actor.SYSTEM));

        assertThat(accounts.find(account)).isNull();
        fresh.execute("update aval.carrier_session set leased_until = now() where carrier_account_id = ?", account);
        await(() -> accounts.find(account) != null);
        assertThat(holds(account, other)).isFalse();
    }

    @Test
    void takesAccountsFromTheFile() throws IOException {
        install("filed");

        Files.writeString(settings.directory().resolve("accounts.yaml"), """
                accounts:
                  - name: filed-one
                    carrier: filed
                    partsPerSecond: 12.5
                    settings: {window: 7, password: "env:FILED_PASSWORD"}
                """);

        await(() -> one(administration.list()).stream()
                .anyMatch(account -> account.name().equals("filed-one")
                        && account.settings().equals(Map.of("window", "7"))
                        && account.secrets().equals(Map.of("password", "env:FILED_PASSWORD"))));
    }

    @Test
    void leavesAnAccountAloneWhoseSecretsAreThoseOfTheFileAtTheNextStart(@TempDir Path directory) throws IOException {
        install("kept");
        Path file = directory.resolve("accounts.yaml");
        String yaml = """
                accounts:
                  - {name: kept-one, carrier: kept, partsPerSecond: 12.50, settings: {window: 7, password: hush-hush}}
                """;

        Files.writeString(file, yaml);
        start(directory);
        Object sealed = fresh.value("select secrets::text from aval.carrier_account where name = 'kept-one'");
        start(directory);

        assertThat(fresh.number("select version from aval.carrier_account where name = 'kept-one'"))
                .isOne();
        assertThat(fresh.value("select secrets::text from aval.carrier_account where name = 'kept-one'"))
                .isEqualTo(sealed);

        Files.writeString(file, yaml.replace("hush-hush", "hush-hash"));
        start(directory);

        assertThat(fresh.number("select version from aval.carrier_account where name = 'kept-one'"))
                .isEqualTo(2);
        assertThat(fresh.value("select secrets::text from aval.carrier_account where name = 'kept-one'"))
                .isNotEqualTo(sealed);
    }

    private void start(Path directory) {
        new AccountFile(CarrierSettings.in(directory, "1.0.0"), administration)
                .apply()
                .block(PATIENCE);
    }

    private String install(String id) throws IOException {
        String digest = new TestPlugin(id, "1.0.0").writeTo(settings.directory().resolve(id + ".jar"));
        StepVerifier.create(plugins.approve(digest, id, Actor.SYSTEM))
                .expectComplete()
                .verify(PATIENCE);
        return digest;
    }

    private boolean holds(UUID account, UUID node) {
        return one(database.in(client -> sessions.hold(client, account, node, 1, Duration.ofHours(1))));
    }

    private static <T> T one(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
