// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.limit.Asked;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.Tally;
import eu.aval.server.limit.Usage;
import eu.aval.server.message.store.Findings;
import eu.aval.server.message.store.LiftedLimit;
import eu.aval.server.message.store.TrafficRows;
import eu.aval.server.message.store.TrafficRows.Seen;
import eu.aval.server.shared.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Holds a batch against the limits of its tenant. A tenant without limits costs no question. */
@Component
class Traffic {

    /** How far back to look for the last one-time code where nothing else is limited. */
    private static final int ENOUGH = 50;

    /** What was decided together, and which of it could be written: the rest is decided in another round. */
    record Round(AcceptedBatch batch, Set<UUID> written) {}

    private record FlagKey(UUID apiKeyId, UUID purposeId) {}

    private final Usage usage;
    private final TrafficRows rows;
    private final MeterRegistry meters;

    Traffic(Usage usage, TrafficRows rows, MeterRegistry meters) {
        this.usage = usage;
        this.rows = rows;
        this.meters = meters;
    }

    /** What is used up of what is limited, ready to count this batch. */
    Mono<Tally> tally(DatabaseClient client, TenantId tenant, AcceptedBatch batch, Findings findings) {
        Limits limits = batch.rules().limits();
        Set<UUID> subjects = limits.concernRecipients() ? batch.known(findings) : Set.of();
        Set<String> blocks = limits.otpBlockPerHour() == null ? Set.of() : batch.blocks();
        return usage.read(client, tenant, batch.rules(), blocks, batch.now())
                .flatMap(used -> rows.of(client, tenant, subjects, enough(limits), batch.now())
                        .map(sent -> new Tally(batch.rules(), used, sent, batch.now())));
    }

    private static int enough(Limits limits) {
        return Stream.of(limits.recipientPerHour(), limits.recipientPerDay())
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .reduce(ENOUGH, Math::max);
    }

    /**
     * Counts what was written.
     *
     * @return an error {@link eu.aval.server.limit.LimitPassed} when it has to be done again
     */
    Mono<Void> count(DatabaseClient client, TenantId tenant, List<Round> rounds) {
        if (rounds.isEmpty()) {
            return Mono.empty();
        }
        List<Asked> accepted = new ArrayList<>();
        List<LiftedLimit> lifted = new ArrayList<>(0);
        List<Prepared> flagged = new ArrayList<>(0);
        for (Round round : rounds) {
            for (Admitted each : round.batch().admitted()) {
                UUID id = each.message().id();
                if (round.written().contains(id)) {
                    accepted.add(each.asked());
                    each.lifted().forEach(limit -> lifted.add(new LiftedLimit(id, limit)));
                    if (!each.message().signs().isEmpty()) {
                        flagged.add(each.message());
                    }
                }
            }
        }
        AcceptedBatch first = rounds.getFirst().batch();
        Instant now = first.now();
        return rows.tell(client, tenant, lifted, now)
                .then(rows.raise(client, tenant, seen(flagged), now))
                .then(usage.add(client, tenant, first.rules(), accepted, now))
                .doOnSuccess(done -> measure(lifted, flagged));
    }

    private void measure(List<LiftedLimit> lifted, List<Prepared> flagged) {
        lifted.forEach(each -> meters.counter(
                        "sms.limit.lifted", "limit", label(each.lifted().kind()))
                .increment());
        flagged.forEach(each -> meters.counter(
                        "sms.flagged", "message_class", label(each.purpose().messageClass()))
                .increment());
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static List<Seen> seen(List<Prepared> flagged) {
        Map<FlagKey, Seen> all = new HashMap<>();
        flagged.forEach(each -> see(each, all));
        return List.copyOf(all.values());
    }

    private static void see(Prepared message, Map<FlagKey, Seen> all) {
        UUID apiKey = message.application().keyId();
        UUID purpose = message.purpose().id();
        all.merge(
                new FlagKey(apiKey, purpose),
                new Seen(apiKey, purpose, 1, message.signs().stream().sorted().toList(), message.id()),
                (one, other) -> new Seen(
                        apiKey,
                        purpose,
                        one.messages() + 1,
                        Stream.concat(one.signs().stream(), other.signs().stream())
                                .distinct()
                                .sorted()
                                .toList(),
                        one.messageId()));
    }
}
