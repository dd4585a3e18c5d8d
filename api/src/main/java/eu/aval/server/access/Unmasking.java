// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import eu.aval.server.access.Unmask.Field;
import eu.aval.server.access.UnmaskResult.Gap;
import eu.aval.server.audit.AccessEntry;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The way to plaintext for people: a few records a minute, each with an entry in the journal that is durable before anything is
 * shown.
 */
@Component
public class Unmasking {

    /** Reads one field; empty octets are not among what it may answer. */
    @FunctionalInterface
    public interface Opened {

        /** @throws SealBroken if it cannot be opened */
        byte[] open();
    }

    /** Runs work in one transaction of whoever keeps the record. */
    @FunctionalInterface
    public interface Transaction {

        Mono<UnmaskResult> in(BiFunction<DatabaseClient, TenantKeys, Mono<UnmaskResult>> work);
    }

    /**
     * A record that is there.
     *
     * @param subject whose data; null when it is not known
     */
    public record Found(@Nullable UUID subject, Findings findings) {}

    /** What a record has of what was asked for; made inside the transaction that reads it. */
    public static final class Findings {

        private final Map<Field, MessageText> values = new EnumMap<>(Field.class);
        private final List<Gap> gaps = new ArrayList<>();
        private final Unmask unmask;

        private Findings(Unmask unmask) {
            this.unmask = unmask;
        }

        /** What was found, if it was asked for. */
        public Findings value(Field field, Opened sealed) {
            if (unmask.fields().contains(field)) {
                try {
                    values.put(field, MessageText.of(new String(sealed.open(), UTF_8)));
                } catch (SealBroken broken) {
                    gaps.add(new Gap(field, Gap.Why.UNREADABLE));
                }
            }
            return this;
        }

        /** Why it was not, if it was asked for. */
        public Findings gap(Field field, Gap.Why why) {
            if (unmask.fields().contains(field)) {
                gaps.add(new Gap(field, why));
            }
            return this;
        }
    }

    private final AccessJournal journal;
    private final MeterRegistry meters;
    private final int perMinute;
    private final Cache<UUID, Bucket> allowances = Caffeine.newBuilder()
            .expireAfterAccess(Duration.ofMinutes(5))
            .maximumSize(10_000)
            .build();

    Unmasking(AccessJournal journal, MeterRegistry meters, AccessSettings settings) {
        this.journal = journal;
        this.meters = meters;
        this.perMinute = settings.unmaskPerMinute();
    }

    /**
     * Reads a record, writes the entry in the same transaction, and shows it once that has been committed, and not before.
     *
     * @param missing said when there is no such record
     * @param read empty if there is none
     * @return an error {@link Problem} NOT_FOUND, or QUOTA_EXCEEDED once it was too many
     */
    public Mono<UnmaskResult> show(
            Unmask unmask,
            RecordKind kind,
            String missing,
            Transaction transaction,
            BiFunction<DatabaseClient, TenantKeys, Mono<Found>> read) {
        return allow(unmask)
                .then(Mono.defer(() -> transaction.in((client, keys) -> read.apply(client, keys)
                        .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, missing)))
                        .flatMap(found -> journalled(client, unmask, kind, found)))));
    }

    private Mono<Void> allow(Unmask unmask) {
        return Mono.defer(() -> {
            var probe =
                    allowances.get(unmask.operator().id(), person -> bucket()).tryConsumeAndReturnRemaining(1);
            if (probe.isConsumed()) {
                return Mono.empty();
            }
            count("LIMITED");
            return Mono.error(new Problem(
                    ProblemType.QUOTA_EXCEEDED,
                    "No more than " + perMinute + " records a minute are unmasked for one person",
                    List.of(),
                    Duration.ofNanos(probe.getNanosToWaitForRefill())));
        });
    }

    public static Findings findings(Unmask unmask) {
        return new Findings(unmask);
    }

    private Mono<UnmaskResult> journalled(DatabaseClient client, Unmask unmask, RecordKind kind, Found found) {
        Findings findings = found.findings();
        return Mono.defer(() -> {
            AccessEntry entry = unmask.entry(kind, found.subject(), findings.values.size());
            UnmaskResult result = findings.values.isEmpty()
                    ? new UnmaskRefused(unmask.id(), entry.id(), findings.gaps)
                    : new Unmasked(unmask.id(), entry.id(), findings.values, findings.gaps);
            return journal.append(client, entry)
                    .doOnSuccess(done -> count(findings.values.isEmpty() ? "NOTHING" : "SHOWN"))
                    .thenReturn(result);
        });
    }

    private void count(String outcome) {
        Counter.builder("aval_unmasked")
                .description("Records that somebody asked for in clear")
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perMinute)
                        .refillGreedy(perMinute, Duration.ofMinutes(1))
                        .build())
                .build();
    }
}
