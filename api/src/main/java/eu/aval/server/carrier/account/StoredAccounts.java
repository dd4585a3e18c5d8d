// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.carrier.plugin.InstalledPlugins;
import eu.aval.server.carrier.plugin.LoadedPlugin;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.server.carrier.store.AccountRows;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.shared.Version;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Accounts as rows: checked against what the plugin on this node says, audited in the transaction of the change. */
final class StoredAccounts implements AccountAdministration {

    private final PlatformDatabase database;
    private final KeyedDatabase keyed;
    private final AccountRows rows;
    private final AuditTrail audit;
    private final AccountSecrets secrets;
    private final InstalledPlugins plugins;
    private final HostedAccounts hosted;
    private final CarrierHost host;

    StoredAccounts(
            PlatformDatabase database,
            KeyedDatabase keyed,
            AccountRows rows,
            AuditTrail audit,
            AccountSecrets secrets,
            InstalledPlugins plugins,
            HostedAccounts hosted,
            CarrierHost host) {
        this.database = database;
        this.keyed = keyed;
        this.rows = rows;
        this.audit = audit;
        this.secrets = secrets;
        this.plugins = plugins;
        this.hosted = hosted;
        this.host = host;
    }

    @Override
    public Mono<List<ConfiguredAccount>> list() {
        return database.in(rows::all)
                .map(all -> all.stream().map(this::configured).toList());
    }

    @Override
    public Mono<ConfiguredAccount> find(UUID id) {
        return database.in(client -> rows.findForUpdate(client, id))
                .map(this::configured)
                .switchIfEmpty(notFound());
    }

    @Override
    public Mono<ConfiguredAccount> create(AccountDraft draft, Actor actor) {
        UUID id = TimeOrderedId.next();
        return host.scanned()
                .then(keyed.acrossTenants(
                        TenantId.PLATFORM,
                        (client, platform) -> checked(platform, id, AccountUpdate.to(draft), Map.of())
                                .flatMap(row -> rows.insert(client, row))
                                .switchIfEmpty(Mono.error(StoredAccounts::nameTaken))
                                .flatMap(stored -> audit.append(client, event(actor, "carrier-account.created", stored))
                                        .thenReturn(stored))))
                .flatMap(this::inForce);
    }

    @Override
    public Mono<ConfiguredAccount> update(UUID id, AccountUpdate update, Actor actor) {
        return host.scanned()
                .then(keyed.acrossTenants(
                        TenantId.PLATFORM,
                        (client, platform) -> rows.findForUpdate(client, id).flatMap(before -> {
                            if (!before.carrierId().equals(update.draft().carrierId())) {
                                return Mono.<AccountRow>error(invalid(List.of(new Problem.Field(
                                        "/carrierId", "IMMUTABLE", "An account stays with its carrier"))));
                            }
                            return Version.require("account", update.version(), before.version())
                                    .then(Mono.defer(() -> checked(platform, id, update, before.secrets())))
                                    .flatMap(
                                            row -> row.isAs(before) ? Mono.just(before) : replaced(client, row, actor));
                        })))
                .onErrorMap(DuplicateKeyException.class, taken -> nameTaken())
                .switchIfEmpty(notFound())
                .flatMap(this::inForce);
    }

    private Mono<AccountRow> replaced(DatabaseClient client, AccountRow row, Actor actor) {
        return rows.update(client, row)
                .flatMap(stored -> audit.append(client, event(actor, "carrier-account.updated", stored))
                        .thenReturn(stored));
    }

    @Override
    public Mono<ConfiguredAccount> enable(UUID id, boolean enabled, @Nullable Integer version, Actor actor) {
        return database.in(client -> rows.findForUpdate(client, id)
                        .flatMap(before -> Version.require("account", version, before.version())
                                .thenReturn(before))
                        .flatMap(before -> before.enabled() == enabled
                                ? Mono.just(before)
                                : switched(client, before, enabled, actor)))
                .switchIfEmpty(notFound())
                .flatMap(this::inForce);
    }

    private Mono<AccountRow> switched(DatabaseClient client, AccountRow before, boolean enabled, Actor actor) {
        return rows.update(
                        client,
                        new AccountRow(
                                before.id(),
                                before.name(),
                                before.carrierId(),
                                before.configuration(),
                                before.secrets(),
                                enabled,
                                before.partsPerSecond(),
                                before.maximumInFlight(),
                                before.maximumNodes(),
                                before.processing(),
                                before.version(),
                                before.updatedAt()))
                .flatMap(stored -> audit.append(
                                client,
                                event(actor, enabled ? "carrier-account.enabled" : "carrier-account.disabled", stored))
                        .thenReturn(stored));
    }

    private Mono<ConfiguredAccount> inForce(AccountRow stored) {
        return host.look().onErrorComplete().then(Mono.fromSupplier(() -> configured(stored)));
    }

    /** The row to be stored, or all that is wrong with the draft at once. */
    private Mono<AccountRow> checked(
            TenantKeys platform, UUID id, AccountUpdate update, Map<String, String> storedSecrets) {
        AccountDraft draft = update.draft();
        List<Problem.Field> wrong = new ArrayList<>(limits(draft));
        LoadedPlugin plugin = plugins.find(draft.carrierId());
        if (plugin == null) {
            wrong.add(new Problem.Field("/carrierId", "UNKNOWN", "No working plugin of this carrier is on this node"));
            return Mono.error(invalid(wrong));
        }
        Set<String> secretNames = Settings.secretNames(plugin.descriptor());
        Map<String, String> values = new HashMap<>();
        Map<String, String> given = new HashMap<>();
        draft.settings().forEach((name, value) -> (secretNames.contains(name) ? given : values).put(name, value));
        Map<String, String> kept = storedSecrets.entrySet().stream()
                .filter(entry -> secretNames.contains(entry.getKey())
                        && !given.containsKey(entry.getKey())
                        && !update.removedSecrets().contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        wrong.addAll(removals(update.removedSecrets(), secretNames, given.keySet()));
        given.forEach((name, value) -> {
            Problem.Field problem = secrets.check(name, value);
            if (problem != null) {
                wrong.add(problem);
            }
        });
        Set<String> present = new HashSet<>(given.keySet());
        present.addAll(kept.keySet());
        wrong.addAll(Settings.check(plugin.descriptor(), values, present));
        if (!wrong.isEmpty()) {
            return Mono.error(invalid(wrong));
        }
        Map<String, String> stored = new HashMap<>(kept);
        stored.putAll(AccountSecrets.seal(platform, id, given, storedSecrets));
        return Mono.just(new AccountRow(
                id,
                draft.name(),
                draft.carrierId(),
                values,
                stored,
                draft.enabled(),
                draft.partsPerSecond(),
                draft.maximumInFlight(),
                draft.maximumNodes(),
                draft.processing(),
                1,
                Instant.EPOCH));
    }

    /** A removal that cannot be meant is told by its place: it may be a secret that stands in the wrong field. */
    private static List<Problem.Field> removals(List<String> removed, Set<String> secretNames, Set<String> given) {
        List<Problem.Field> wrong = new ArrayList<>();
        for (int i = 0; i < removed.size(); i++) {
            if (!secretNames.contains(removed.get(i))) {
                wrong.add(new Problem.Field("/removeSecrets/" + i, "UNKNOWN", "Is not a secret of this carrier"));
            } else if (given.contains(removed.get(i))) {
                wrong.add(new Problem.Field("/removeSecrets/" + i, "CONTRADICTION", "Is set by the same change"));
            }
        }
        return wrong;
    }

    private static List<Problem.Field> limits(AccountDraft draft) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (!draft.name().matches("[a-z][a-z0-9-]{0,39}")) {
            wrong.add(new Problem.Field("/name", "INVALID", "Is lower case letters, digits and dashes, at most 40"));
        }
        if (draft.partsPerSecond() != null && draft.partsPerSecond().signum() <= 0) {
            wrong.add(new Problem.Field("/partsPerSecond", "OUT_OF_RANGE", "Is more than 0"));
        }
        if (draft.maximumInFlight() != null && draft.maximumInFlight() < 1) {
            wrong.add(new Problem.Field("/maximumInFlight", "OUT_OF_RANGE", "Is at least 1"));
        }
        if (draft.maximumNodes() != null && (draft.maximumNodes() < 1 || draft.maximumNodes() > 1000)) {
            wrong.add(new Problem.Field("/maximumNodes", "OUT_OF_RANGE", "Is between 1 and 1000"));
        }
        wrong.addAll(draft.processing().defects());
        return wrong;
    }

    private ConfiguredAccount configured(AccountRow row) {
        Map<String, String> shown = row.secrets().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> AccountSecrets.shown(entry.getValue())));
        return new ConfiguredAccount(
                row.id(),
                row.name(),
                row.carrierId(),
                row.enabled(),
                row.configuration(),
                shown,
                row.partsPerSecond(),
                row.maximumInFlight(),
                row.maximumNodes(),
                row.processing(),
                row.version(),
                row.updatedAt(),
                hosted.find(row.id()),
                hosted.problem(row.id()));
    }

    private static AuditEvent event(Actor actor, String action, AccountRow row) {
        return new AuditEvent(
                null,
                actor,
                action,
                "carrier-account:" + row.id(),
                Map.of(
                        "version",
                        row.version(),
                        "enabled",
                        row.enabled(),
                        "processingCountries",
                        row.processing().countries().stream().sorted().toList()));
    }

    private static Problem invalid(List<Problem.Field> wrong) {
        return new Problem(ProblemType.INVALID_REQUEST, "The account has invalid fields.", wrong);
    }

    private static Problem nameTaken() {
        return new Problem(ProblemType.CONFLICT, "An account of this name exists already.");
    }

    private static <T> Mono<T> notFound() {
        return Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "There is no such carrier account."));
    }
}
