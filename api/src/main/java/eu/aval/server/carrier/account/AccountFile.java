// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.carrier.Processing;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.StartOrder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Accounts from {@code accounts.yaml} in the carriers' directory: created or brought in line by name at start and whenever
 * the file changes. Accounts that it does not name are left alone. Write secrets as references: a plain one
 * would be sealed in the database and still stand in the file.
 *
 * <pre>
 * accounts:
 *   - name: smsc
 *     carrier: smpp
 *     partsPerSecond: 50
 *     maximumInFlight: 20
 *     maximumNodes: 1
 *     enabled: true
 *     processingCountries: [FR]
 *     settings: {host: smsc.example.org, password: "env:SMSC_PASSWORD"}
 * </pre>
 */
final class AccountFile implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AccountFile.class);

    private static final Set<String> FIELDS = Set.of(
            "name",
            "carrier",
            "enabled",
            "settings",
            "partsPerSecond",
            "maximumInFlight",
            "maximumNodes",
            "processingCountries",
            "transferMechanism");
    private static final int MAXIMUM_BYTES = 1 << 20;

    private final Path file;
    private final Duration poll;
    private final AccountAdministration administration;
    private volatile String applied = "";
    private volatile @Nullable Disposable running;

    AccountFile(CarrierSettings settings, AccountAdministration administration) {
        this.file = settings.directory().resolve("accounts.yaml");
        this.poll = settings.poll();
        this.administration = administration;
    }

    private record Read(String stamp, List<AccountDraft> drafts) {}

    /** Applies the file if it is there and new; what is wrong with it is logged and tried again. Never errors. */
    Mono<Void> apply() {
        return Mono.fromCallable(this::read)
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(read -> administration
                        .list()
                        .flatMap(known -> Flux.fromIterable(read.drafts())
                                .concatMap(draft -> put(draft, known))
                                .then())
                        .then(Mono.fromRunnable(() -> applied = read.stamp())))
                .then()
                .onErrorResume(error -> {
                    log.warn("{} is not applied: {}", file, describe(error));
                    return Mono.empty();
                });
    }

    private @Nullable Read read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        String stamp = Files.size(file) + "@" + Files.getLastModifiedTime(file);
        if (stamp.equals(applied)) {
            return null;
        }
        try (InputStream content = Files.newInputStream(file)) {
            var options = new LoaderOptions();
            options.setCodePointLimit(MAXIMUM_BYTES);
            return new Read(stamp, drafts(new Yaml(new SafeConstructor(options)).load(content)));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("It is not readable YAML");
        }
    }

    private static List<AccountDraft> drafts(@Nullable Object root) {
        if (!(root instanceof Map<?, ?> map) || !(map.get("accounts") instanceof List<?> list)) {
            throw new IllegalArgumentException("It has no list named accounts");
        }
        List<AccountDraft> drafts = new ArrayList<>();
        for (Object entry : list) {
            if (!(entry instanceof Map<?, ?> account)) {
                throw new IllegalArgumentException("An account is not a mapping");
            }
            drafts.add(draft(account));
        }
        return drafts;
    }

    private static AccountDraft draft(Map<?, ?> account) {
        for (Object key : account.keySet()) {
            if (!FIELDS.contains(String.valueOf(key))) {
                throw new IllegalArgumentException("An account has no field " + key);
            }
        }
        Map<String, String> settings = new HashMap<>();
        if (account.get("settings") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
        }
        return new AccountDraft(
                String.valueOf(account.get("name")),
                String.valueOf(account.get("carrier")),
                !Boolean.FALSE.equals(account.get("enabled")),
                settings,
                account.get("partsPerSecond") instanceof Number number ? new BigDecimal(number.toString()) : null,
                whole(account, "maximumInFlight"),
                whole(account, "maximumNodes"),
                processing(account));
    }

    private static Processing processing(Map<?, ?> account) {
        List<?> countries = account.get("processingCountries") instanceof List<?> given ? given : List.of();
        Object transfer = account.get("transferMechanism");
        try {
            return new Processing(
                    countries.stream().map(AccountFile::country).collect(Collectors.toSet()),
                    transfer == null ? null : Processing.Transfer.valueOf(transfer.toString()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "transferMechanism is one of " + Arrays.toString(Processing.Transfer.values()));
        }
    }

    /** Norway is the code that YAML takes for a word. */
    private static String country(Object code) {
        return Boolean.FALSE.equals(code) ? "NO" : String.valueOf(code);
    }

    private static @Nullable Integer whole(Map<?, ?> account, String field) {
        Object value = account.get(field);
        if (value != null && !(value instanceof Integer)) {
            throw new IllegalArgumentException(field + " is a whole number");
        }
        return (Integer) value;
    }

    private Mono<Void> put(AccountDraft draft, List<ConfiguredAccount> known) {
        for (ConfiguredAccount account : known) {
            if (account.name().equals(draft.name())) {
                return isAsDrafted(account, draft)
                        ? Mono.empty()
                        : administration
                                .update(account.id(), AccountUpdate.to(draft), Actor.SYSTEM)
                                .then();
            }
        }
        return administration.create(draft, Actor.SYSTEM).then();
    }

    private static boolean isAsDrafted(ConfiguredAccount account, AccountDraft draft) {
        Map<String, String> settings = new HashMap<>(account.settings());
        settings.putAll(account.secrets());
        return settings.equals(draft.settings())
                && account.enabled() == draft.enabled()
                && plain(account.partsPerSecond()).equals(plain(draft.partsPerSecond()))
                && Objects.equals(account.maximumInFlight(), draft.maximumInFlight())
                && Objects.equals(account.maximumNodes(), draft.maximumNodes());
    }

    private static String plain(@Nullable BigDecimal rate) {
        return rate == null ? "" : rate.stripTrailingZeros().toPlainString();
    }

    private static String describe(Throwable error) {
        if (error instanceof Problem problem) {
            return problem.fields().stream()
                    .map(field -> field.pointer() + " " + field.code())
                    .collect(Collectors.joining(", ", problem.detail() + " ", ""));
        }
        return error instanceof IllegalArgumentException
                ? String.valueOf(error.getMessage())
                : error.getClass().getSimpleName();
    }

    @Override
    public void start() {
        running = Flux.interval(Duration.ZERO, poll)
                .onBackpressureDrop()
                .concatMap(tick -> apply(), 1)
                .subscribe();
    }

    @Override
    public void stop() {
        Disposable was = running;
        running = null;
        if (was != null) {
            was.dispose();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.CARRIERS + 1;
    }
}
