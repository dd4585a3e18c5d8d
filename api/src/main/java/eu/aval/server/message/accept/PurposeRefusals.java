// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.access.Application;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.message.store.CommitRemedies;
import eu.aval.server.shared.GroupCommit;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.TenantDatabase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts it into the trail when a key asks for a purpose that it was not granted. Refusals that come together are one event
 * with their number: a key that insists fills the trail no faster than it is answered.
 */
@Component
final class PurposeRefusals {

    private static final GroupCommit.Limits LIMITS =
            new GroupCommit.Limits(2, 1, 64, Journal.BATCH, 20_000, Duration.ofSeconds(3));

    private record Subject(UUID keyId, String purpose) {}

    private record Refusal(Subject subject, int messages) {}

    private final TenantDatabase database;
    private final AuditTrail trail;
    private final Counter counter;
    private final GroupCommit<TenantId, Refusal, Boolean> commits;

    PurposeRefusals(TenantDatabase database, AuditTrail trail, MeterRegistry registry) {
        this.database = database;
        this.trail = trail;
        this.counter = Counter.builder("sms.purpose.refused")
                .description("Messages for a purpose that their key was not granted")
                .register(registry);
        this.commits =
                new GroupCommit<>(this::commit, CommitRemedies::of, LIMITS, (messages, waited, took, succeeded) -> {});
    }

    /** Whether a purpose that was not granted is among what is wrong. */
    static boolean isOne(Throwable error) {
        return error instanceof Problem problem
                && (problem.type() == ProblemType.PURPOSE_NOT_GRANTED
                        || problem.fields().stream()
                                .anyMatch(field -> field.code().equals(ProblemType.PURPOSE_NOT_GRANTED.name())));
    }

    /**
     * Completes when the trail has it, and fails when it cannot: nobody is told of a refusal that nobody could prove.
     *
     * @param messages that were refused, by purpose
     */
    Mono<Void> record(Application application, Map<String, Integer> messages) {
        return Flux.fromIterable(messages.entrySet())
                .flatMap(each -> {
                    counter.increment(each.getValue());
                    return commits.submit(
                            application.tenant(),
                            new Refusal(new Subject(application.keyId(), each.getKey()), each.getValue()));
                })
                .then();
    }

    private Mono<List<Boolean>> commit(TenantId tenant, List<Refusal> refusals) {
        Map<Subject, Integer> events = new HashMap<>();
        refusals.forEach(refusal -> events.merge(refusal.subject(), refusal.messages(), Integer::sum));
        return database.in(
                tenant,
                client -> Flux.fromIterable(events.entrySet())
                        .concatMap(event -> trail.append(client, event(tenant, event.getKey(), event.getValue())))
                        .then(Mono.just(Collections.nCopies(refusals.size(), true))));
    }

    private static AuditEvent event(TenantId tenant, Subject subject, int messages) {
        return new AuditEvent(
                tenant,
                Actor.key(subject.keyId()),
                "api-key.purpose-refused",
                "api-key:" + subject.keyId(),
                Map.of("purpose", subject.purpose(), "messages", messages));
    }
}
