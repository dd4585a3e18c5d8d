// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Permissions.Answer;
import eu.aval.server.consent.Permissions.Question;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.policy.Facts;
import eu.aval.server.policy.Gate;
import eu.aval.server.policy.Place;
import eu.aval.server.policy.RulePack;
import eu.aval.server.policy.RulePacks;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks the gate again, for all messages of a claim at once: an opt-out reaches what was accepted before it. */
class ClaimGate {

    /** What does not stand in the way of telling somebody that their opt-out is in force. */
    private static final Set<ProblemType> NO_HINDRANCE = Set.of(
            ProblemType.SUPPRESSED,
            ProblemType.NO_CONSENT,
            ProblemType.JOINT_CONSENT_REQUIRED,
            ProblemType.RECONFIRM_REQUIRED,
            ProblemType.AGE_BAND_REQUIRED,
            ProblemType.MINOR_FORBIDDEN,
            ProblemType.SECTOR_FORBIDDEN,
            ProblemType.STOP_ROUTE_REQUIRED,
            ProblemType.PURPOSE_UNKNOWN);

    /**
     * What is to be decided about.
     *
     * @param confirmsOptOut whether it tells somebody that their opt-out is in force
     */
    record Candidate(
            UUID messageId,
            TenantId tenant,
            UUID subjectId,
            UUID purposeId,
            String sender,
            Place place,
            Set<String> countries,
            String rulePack,
            boolean confirmsOptOut) {}

    private record Declared(Map<UUID, Purpose> purposes, Map<String, Sender> senders) {}

    private final Permissions permissions;
    private final Purposes purposes;
    private final Senders senders;
    private final RulePacks rulePacks;
    private final Clock clock;

    ClaimGate(Permissions permissions, Purposes purposes, Senders senders, RulePacks rulePacks, Clock clock) {
        this.permissions = permissions;
        this.purposes = purposes;
        this.senders = senders;
        this.rulePacks = rulePacks;
        this.clock = clock;
    }

    /** A verdict for each, by message. An error if the facts cannot be read: then nothing leaves. */
    Mono<Map<UUID, Verdict>> decide(DatabaseClient client, List<Candidate> candidates) {
        Instant now = clock.instant();
        return declared(candidates.stream().map(Candidate::tenant).distinct().toList())
                .flatMap(declared -> permissions
                        .of(
                                client,
                                candidates.stream()
                                        .map(ClaimGate::question)
                                        .distinct()
                                        .toList())
                        .map(answers -> decide(candidates, declared, answers, now)));
    }

    private Map<UUID, Verdict> decide(
            List<Candidate> candidates, Map<TenantId, Declared> declared, Map<Question, Answer> answers, Instant now) {
        Map<UUID, Verdict> verdicts = new HashMap<>();
        for (Candidate candidate : candidates) {
            Declared own = declared.get(candidate.tenant());
            Answer answer = answers.get(question(candidate));
            verdicts.put(
                    candidate.messageId(), exempted(candidate, Gate.decide(facts(candidate, own, answer, now), now)));
        }
        return verdicts;
    }

    private static Verdict exempted(Candidate candidate, Verdict verdict) {
        if (!candidate.confirmsOptOut()) {
            return verdict;
        }
        return switch (verdict) {
            case Verdict.Allowed allowed -> allowed;
            case Verdict.Refused refused ->
                NO_HINDRANCE.contains(refused.code()) ? new Verdict.Allowed(refused.grounds()) : refused;
            // The person has written just now, and waits for the answer
            case Verdict.Deferred deferred -> new Verdict.Allowed(deferred.grounds());
        };
    }

    private Facts facts(Candidate candidate, @Nullable Declared own, @Nullable Answer answer, Instant now) {
        RulePack rulePack = rulePacks.find(candidate.rulePack());
        if (own == null || answer == null || rulePack == null) {
            return new Facts.Unreadable();
        }
        return new Facts.Known(
                own.purposes().get(candidate.purposeId()),
                own.senders().get(candidate.sender()),
                new Facts.Recipient(candidate.place(), answer.age()),
                new Facts.Permission(answer.consent(), answer.guardian(), answer.suppressions(), now),
                new Facts.Terms(candidate.countries(), rulePack),
                now);
    }

    private static Question question(Candidate candidate) {
        return new Question(candidate.tenant(), candidate.subjectId(), candidate.purposeId());
    }

    private Mono<Map<TenantId, Declared>> declared(Collection<TenantId> tenants) {
        return Flux.fromIterable(tenants)
                .concatMap(tenant -> Mono.zip(purposes.of(tenant), senders.of(tenant), (known, values) -> {
                            Map<UUID, Purpose> byId = new HashMap<>();
                            known.values().forEach(purpose -> byId.put(purpose.id(), purpose));
                            return new Declared(byId, values);
                        })
                        .map(own -> Map.entry(tenant, own)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }
}
