// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.access.Application;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.limit.Tally;
import eu.aval.server.message.accept.Repetitions.Candidate;
import eu.aval.server.message.store.AcceptStore;
import eu.aval.server.message.store.Findings;
import eu.aval.server.policy.ComposedText;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.Problem;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.spi.text.OffendingCharacter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Takes requests to send, one or many, or shows what would become of one. The same way for all three. */
@Component
public final class Reception {

    private static final String SEND = "send";
    private static final String BATCH = "batch";

    /**
     * What the caller of an accepted message is told.
     *
     * @param stopMention how its text tells to refuse more; null where it need not
     */
    public record Receipt(
            Acceptance.Accepted accepted,
            List<OffendingCharacter> offendingCharacters,
            ComposedText.@Nullable Mention stopMention) {}

    /** One item of a batch: a receipt or a problem. */
    public sealed interface Outcome {
        record Taken(Receipt receipt) implements Outcome {}

        record Refused(Problem problem) implements Outcome {}
    }

    /**
     * What sending would do.
     *
     * @param scheduledFor null is at once
     * @param deferred why it would not leave when it was asked to; null if it would
     */
    public record Preview(Prepared message, @Nullable Instant scheduledFor, Verdict.@Nullable Deferred deferred) {}

    /** One request of a batch; its index makes part of its idempotency key. */
    public record Item(int index, SendRequest request) {}

    private final TermsOfTenants terms;
    private final Preparation preparation;
    private final Journal journal;
    private final KeyedDatabase database;
    private final AcceptStore store;
    private final Traffic traffic;
    private final JournalMetrics metrics;
    private final PurposeRefusals refusals;
    private final Repetitions repetitions;
    private final Clock clock;

    Reception(
            TermsOfTenants terms,
            Preparation preparation,
            Journal journal,
            KeyedDatabase database,
            AcceptStore store,
            Traffic traffic,
            JournalMetrics metrics,
            PurposeRefusals refusals,
            Repetitions repetitions,
            Clock clock) {
        this.terms = terms;
        this.preparation = preparation;
        this.journal = journal;
        this.database = database;
        this.store = store;
        this.traffic = traffic;
        this.metrics = metrics;
        this.refusals = refusals;
        this.repetitions = repetitions;
        this.clock = clock;
    }

    /** A receipt once the message is durable; every refusal is a {@link Problem}. */
    public Mono<Receipt> send(Application application, SendRequest request, @Nullable IdempotencyKey key) {
        return receipt(application, request, key, SEND)
                .onErrorResume(PurposeRefusals::isOne, problem -> recorded(application, request, problem));
    }

    /** One item of a stream of any length. */
    public Mono<Outcome> sendOne(Application application, Item item, @Nullable IdempotencyKey key) {
        return receipt(application, item.request(), keyOf(key, item), BATCH)
                .<Outcome>map(Outcome.Taken::new)
                .onErrorResume(PurposeRefusals::isOne, problem -> recorded(application, item.request(), problem))
                .onErrorResume(Problem.class, problem -> Mono.just(new Outcome.Refused(problem)));
    }

    /** Up to {@link Journal#BATCH} items, an outcome for each, in order. Fails as a whole only if nothing was written. */
    public Mono<List<Outcome>> sendAll(Application application, List<Item> items, @Nullable IdempotencyKey key) {
        return terms.of(application.tenant()).flatMap(own -> {
            Outcome[] outcomes = new Outcome[items.size()];
            List<Prepared> messages = new ArrayList<>(items.size());
            List<Integer> places = new ArrayList<>(items.size());
            Map<Integer, Problem> problems = new HashMap<>();
            for (int i = 0; i < outcomes.length; i++) {
                Item item = items.get(i);
                try {
                    messages.add(preparation.prepare(application, own, item.request(), keyOf(key, item), BATCH));
                    places.add(i);
                } catch (Problem problem) {
                    problems.put(i, problem);
                }
            }
            Mono<List<Acceptance>> ended = journal.acceptAll(application.tenant(), messages);
            return refuse(application, items, key, problems, outcomes)
                    .then(ended)
                    .map(acceptances -> {
                        for (int i = 0; i < acceptances.size(); i++) {
                            outcomes[places.get(i)] = switch (acceptances.get(i)) {
                                case Acceptance.Accepted accepted ->
                                    new Outcome.Taken(receipt(messages.get(i), accepted));
                                case Acceptance.Refused refused -> new Outcome.Refused(refused.problem());
                            };
                        }
                        return List.of(outcomes);
                    });
        });
    }

    /** Fills in the outcomes of what was refused before the journal, but for what it has accepted once. */
    private Mono<Void> refuse(
            Application application,
            List<Item> items,
            @Nullable IdempotencyKey key,
            Map<Integer, Problem> problems,
            Outcome[] outcomes) {
        List<Candidate> candidates = problems.keySet().stream()
                .map(i -> Candidate.of(i, items.get(i).request(), keyOf(key, items.get(i)), BATCH))
                .filter(Objects::nonNull)
                .toList();
        return repetitions.among(application, candidates).flatMap(receipts -> {
            Map<String, Integer> notGranted = new HashMap<>();
            problems.forEach((i, problem) -> {
                Receipt receipt = receipts.get(i);
                outcomes[i] = receipt == null ? new Outcome.Refused(problem) : new Outcome.Taken(receipt);
                if (receipt == null) {
                    metrics.blocked(problem);
                    if (PurposeRefusals.isOne(problem)) {
                        notGranted.merge(String.valueOf(items.get(i).request().purpose()), 1, Integer::sum);
                    }
                }
            });
            return notGranted.isEmpty() ? Mono.empty() : refusals.record(application, notGranted);
        });
    }

    private Mono<Receipt> receipt(
            Application application, SendRequest request, @Nullable IdempotencyKey key, String operation) {
        return terms.of(application.tenant()).flatMap(own -> {
            Prepared message;
            try {
                message = preparation.prepare(application, own, request, key, operation);
            } catch (Problem problem) {
                return unlessRepeated(application, Candidate.of(0, request, key, operation), problem);
            }
            return journal.accept(message).map(acceptance -> receipt(message, acceptance));
        });
    }

    private Mono<Receipt> unlessRepeated(Application application, @Nullable Candidate candidate, Problem problem) {
        return repetitions
                .among(application, candidate == null ? List.of() : List.of(candidate))
                .flatMap(receipts -> Mono.justOrEmpty(receipts.get(0)))
                .switchIfEmpty(Mono.error(() -> {
                    metrics.blocked(problem);
                    return problem;
                }));
    }

    /** The problem that sending would give, or what would be sent. Writes nothing. */
    public Mono<Preview> preview(Application application, SendRequest request) {
        return terms.of(application.tenant()).flatMap(own -> {
            Prepared message = prepare(application, own, request);
            return database.in(application.tenant(), (client, keys) -> judge(client, keys, message));
        });
    }

    private Mono<Preview> judge(DatabaseClient client, TenantKeys keys, Prepared message) {
        AcceptedBatch batch = new AcceptedBatch(keys, List.of(message), clock.instant());
        return store.facts(client, keys.tenant(), batch.question())
                .flatMap(findings -> traffic.tally(client, keys.tenant(), batch, findings)
                        .map(tally -> preview(message, batch, findings, tally)));
    }

    private static Preview preview(Prepared message, AcceptedBatch batch, Findings findings, Tally tally) {
        Problem hindrance = batch.hindrance(message, 0, findings);
        if (hindrance != null) {
            throw hindrance;
        }
        Preview preview = switch (batch.verdict(message, 0, findings)) {
            case Verdict.Allowed allowed -> new Preview(message, message.sendAt(), null);
            case Verdict.Deferred deferred -> {
                if (batch.outlives(message, deferred.until())) {
                    throw AcceptedBatch.tooLate();
                }
                yield new Preview(message, AcceptedBatch.later(message, deferred.until()), deferred);
            }
            case Verdict.Refused refused -> throw new Problem(refused.code(), refused.why());
        };
        Problem reached = tally.admit(batch.asked(0, findings)).problem();
        if (reached != null) {
            throw reached;
        }
        return preview;
    }

    private <T> Mono<T> recorded(Application application, SendRequest request, Throwable problem) {
        return refusals.record(application, Map.of(String.valueOf(request.purpose()), 1))
                .then(Mono.error(problem));
    }

    private Prepared prepare(Application application, Terms own, SendRequest request) {
        try {
            return preparation.prepare(application, own, request, null, SEND);
        } catch (Problem problem) {
            metrics.blocked(problem);
            throw problem;
        }
    }

    private static @Nullable IdempotencyKey keyOf(@Nullable IdempotencyKey key, Item item) {
        return key == null ? null : key.item(item.index());
    }

    private static Receipt receipt(Prepared message, Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Accepted accepted ->
                new Receipt(accepted, message.segmentation().offendingCharacters(), message.stopMention());
            case Acceptance.Refused refused -> throw refused.problem();
        };
    }
}
