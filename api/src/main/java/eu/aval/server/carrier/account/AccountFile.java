// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.StartOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Accounts from {@code accounts.yaml} in the carriers' directory: created or brought in line by name at start and whenever
 * the file changes. Accounts that it does not name are left alone. Write secrets as references: a plain one
 * would be sealed in the database and still stand in the file.
 * Numbers among settings count as they are written.
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

    private final Path file;
    private final Duration poll;
    private final AccountAdministration administration;
    private volatile Progress progress = Progress.NONE;
    private volatile @Nullable Disposable running;

    AccountFile(CarrierSettings settings, AccountAdministration administration) {
        this.file = settings.directory().resolve("accounts.yaml");
        this.poll = settings.poll();
        this.administration = administration;
    }

    private record Read(String stamp, List<AccountDraft> drafts) {}

    /**
     * How far it got.
     *
     * @param applied of an account at fault the others are not applied again and again
     * @param trouble empty when nothing was
     */
    private record Progress(String stamp, Set<String> applied, String trouble) {

        private static final Progress NONE = new Progress("", Set.of(), "");
    }

    /**
     * Applies the file if it is there and new. What is wrong with it, or with one of its accounts, is logged once and tried
     * again; it stops none of the others. Never errors.
     */
    Mono<Void> apply() {
        return Mono.fromCallable(this::read)
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(read -> administration.list().flatMap(known -> apply(read, known)))
                .onErrorResume(error -> Mono.just(new Progress("", Set.of(), describe(error))))
                .doOnNext(this::tell)
                .then();
    }

    private Mono<Progress> apply(Read read, List<ConfiguredAccount> known) {
        Progress so = progress;
        Set<String> applied = new HashSet<>(so.stamp().equals(read.stamp()) ? so.applied() : Set.of());
        return Flux.fromIterable(read.drafts())
                .filter(draft -> !applied.contains(draft.name()))
                .concatMap(draft -> put(draft, known)
                        .then(Mono.<String>fromRunnable(() -> applied.add(draft.name())))
                        .onErrorResume(error -> Mono.just("account " + draft.name() + ": " + describe(error))))
                .collect(Collectors.joining("; "))
                .map(trouble -> new Progress(read.stamp(), applied, trouble));
    }

    /** Trouble once, however often it is tried. */
    private void tell(Progress now) {
        if (!now.trouble().isEmpty() && !now.trouble().equals(progress.trouble())) {
            log.warn("{} is not applied, or not all of it: {}", file, now.trouble());
        }
        progress = now;
    }

    private @Nullable Read read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        String stamp = Files.size(file) + "@" + Files.getLastModifiedTime(file);
        if (stamp.equals(progress.stamp()) && progress.trouble().isEmpty()) {
            return null;
        }
        try (InputStream content = Files.newInputStream(file)) {
            return new Read(stamp, FiledAccounts.read(content));
        }
    }

    private Mono<Void> put(AccountDraft draft, List<ConfiguredAccount> known) {
        for (ConfiguredAccount account : known) {
            if (account.name().equals(draft.name())) {
                return administration
                        .update(account.id(), AccountUpdate.to(draft), Actor.SYSTEM)
                        .then();
            }
        }
        return administration.create(draft, Actor.SYSTEM).then();
    }

    private static String describe(Throwable error) {
        if (error instanceof Problem problem) {
            return problem.fields().stream()
                    .map(field -> field.pointer() + " " + field.detail())
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
