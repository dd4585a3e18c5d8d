// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.carrier.Processing;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

final class AccountFileTests {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final Administration administration = new Administration();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accounts: [|it is not readable YAML (line 1)",
                "accounts:\\n  - name: a\\n\\tx: 1|it is not readable YAML (line 3)",
                "routes: []|it has no list named accounts",
                "accounts: [hush]|account 1 is not a mapping",
                "accounts: [{carrier: smpp}]|account 1 has no name",
                "accounts: [{name: a}]|account 1 (a) has no carrier",
                "accounts: [{name: a, carrier: smpp, speed: 3}]|account 1 (a) has no field speed",
                "accounts: [{name: a, carrier: smpp}, {name: a, carrier: smpp}]|account 2 has the name of one before it",
                "accounts: [{name: a, carrier: smpp, settings: {port: 1, port: 2}}]|it names something twice (line 1)",
                "accounts: [{name: a, carrier: smpp, settings: {password: }}]"
                        + "|account 1 (a) has no value for the setting password",
                "accounts: [{name: a, carrier: smpp, settings: {password: {hush: 1}}}]"
                        + "|account 1 (a) has no value for the setting password",
                "accounts: [{name: a, carrier: smpp, settings: [hush]}]"
                        + "|account 1 (a) has settings that are not a mapping",
                "accounts: [{name: a, carrier: smpp, enabled: 'false'}]|account 1 (a) is enabled: true or false",
                "accounts: [{name: a, carrier: smpp, partsPerSecond: many}]"
                        + "|account 1 (a) has partsPerSecond that is no number",
                "accounts: [{name: a, carrier: smpp, maximumNodes: 1.5}]"
                        + "|account 1 (a) has maximumNodes that is no whole number",
                "accounts: [{name: a, carrier: smpp, processingCountries: FR}]"
                        + "|account 1 (a) has processingCountries that are no list such as [FR, DE]",
            })
    void tellsWhatCannotBeMeantByItsPlace(String yaml, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
                .withMessage(complaint);
    }

    @Test
    void takesSettingsAsTheyAreWritten() {
        List<AccountDraft> drafts = read("""
                accounts:
                  - name: smsc
                    carrier: smpp
                    partsPerSecond: 12.50
                    maximumInFlight: 20
                    processingCountries: [FR, NO]
                    settings: {password: 0123, system-id: 1_000, port: 2775, tls: yes, interface-version: 5.0}
                """);

        assertThat(drafts).singleElement().satisfies(draft -> {
            assertThat(draft.settings())
                    .isEqualTo(Map.of(
                            "password", "0123",
                            "system-id", "1_000",
                            "port", "2775",
                            "tls", "true",
                            "interface-version", "5.0"));
            assertThat(draft.partsPerSecond()).isEqualByComparingTo("12.5");
            assertThat(draft.maximumInFlight()).isEqualTo(20);
            assertThat(draft.processing().countries()).containsExactlyInAnyOrder("FR", "NO");
            assertThat(draft.enabled()).isTrue();
        });
    }

    @Test
    void appliesTheOthersWhenOneIsAtFaultAndEachOnce() throws IOException {
        AccountFile file = file("""
                accounts:
                  - {name: broken, carrier: none}
                  - {name: works, carrier: smpp, settings: {password: plain}}
                """);

        file.apply().block(PATIENCE);
        file.apply().block(PATIENCE);

        assertThat(administration.changes).containsExactly("create works");
    }

    @Test
    void appliesAChangeOfWhereTheCarrierProcesses() throws IOException {
        file("accounts: [{name: one, carrier: smpp, processingCountries: [FR]}]")
                .apply()
                .block(PATIENCE);

        file("accounts: [{name: one, carrier: smpp, processingCountries: [FR, DE]}]")
                .apply()
                .block(PATIENCE);

        assertThat(administration.changes).containsExactly("create one", "update one");
        assertThat(administration.accounts.get("one").processing()).isEqualTo(new Processing(Set.of("FR", "DE"), null));
    }

    private static List<AccountDraft> read(String yaml) {
        return FiledAccounts.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private AccountFile file(String yaml) throws IOException {
        Files.writeString(directory.resolve("accounts.yaml"), yaml);
        return new AccountFile(CarrierSettings.in(directory, "1.0.0"), administration);
    }

    /** Keeps what it is told, and knows the carrier smpp only. */
    private static final class Administration implements AccountAdministration {

        private final Map<String, AccountDraft> accounts = new HashMap<>();
        private final List<String> changes = new ArrayList<>();

        @Override
        public Mono<List<ConfiguredAccount>> list() {
            return Mono.fromSupplier(
                    () -> accounts.values().stream().map(this::configured).toList());
        }

        @Override
        public Mono<ConfiguredAccount> create(AccountDraft draft, Actor actor) {
            return keep("create", draft);
        }

        @Override
        public Mono<ConfiguredAccount> update(UUID id, AccountUpdate update, Actor actor) {
            return keep("update", update.draft());
        }

        private Mono<ConfiguredAccount> keep(String change, AccountDraft draft) {
            return Mono.fromCallable(() -> {
                if (!draft.carrierId().equals("smpp")) {
                    throw new Problem(ProblemType.INVALID_REQUEST, "No such carrier.");
                }
                changes.add(change + " " + draft.name());
                accounts.put(draft.name(), draft);
                return configured(draft);
            });
        }

        @Override
        public Mono<ConfiguredAccount> find(UUID id) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<ConfiguredAccount> enable(UUID id, boolean enabled, @Nullable Integer version, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }

        private ConfiguredAccount configured(AccountDraft draft) {
            return new ConfiguredAccount(
                    new UUID(0, draft.name().hashCode()),
                    draft.name(),
                    draft.carrierId(),
                    draft.enabled(),
                    draft.settings(),
                    Map.of(),
                    draft.partsPerSecond(),
                    draft.maximumInFlight(),
                    draft.maximumNodes(),
                    draft.processing(),
                    1,
                    Instant.EPOCH,
                    null,
                    null);
        }
    }
}
