// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.NewSubject;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a message costs before it is written: blind index, verdict, and sealing. Run {@link #main}; no database is asked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MessageCostBenchmark {

    private static final byte[] TEXT = "Rappel : votre rendez-vous est demain à 9 h.".getBytes(StandardCharsets.UTF_8);
    private static final byte[] REFERENCE = "appointment-2231".getBytes(StandardCharsets.UTF_8);

    private final PhoneNumber number = PhoneNumber.of("+33639980000", "FR");
    private final Purpose purpose = new Purpose(
            TimeOrderedId.next(),
            "marketing",
            MessageClass.MARKETING,
            LegalBasis.CONSENT,
            RetentionClass.CAMPAIGN,
            false);
    private final Sender sender =
            new Sender(TimeOrderedId.next(), "AVAL", Sender.Kind.ALPHANUMERIC, true, "36180", false);
    private final Consent consent = new Consent(TimeOrderedId.next(), Consent.Status.GIVEN, null);

    private final RulePack pack = Objects.requireNonNull(RulePacks.bundled().find("GUIDE"));

    private TenantKeys keys;
    private UUID subjectId;
    private byte[] wrapped;

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(MessageCostBenchmark.class.getName())
                        .build())
                .run();
    }

    @Setup
    public void createKeys() throws IOException {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "benchmark-");
        keys = KeysSetup.in(directory)
                .node()
                .of(new TenantId(UUID.randomUUID()))
                .blockOptional(Duration.ofSeconds(20))
                .orElseThrow();
        NewSubject subject = NewSubject.of(keys, number);
        subjectId = subject.id();
        wrapped = subject.key().wrapped();
    }

    /** The blind index alone: what a look-up costs. */
    @Benchmark
    public List<byte[]> blindIndex() {
        return keys.indexes(number);
    }

    /** The verdict alone, and the JSON that is kept of it. */
    @Benchmark
    public String verdict() {
        return VerdictJson.write(decide());
    }

    @Benchmark
    public Verdict verdictAlone() {
        return decide();
    }

    @Benchmark
    public void toSomebodyKnown(Blackhole hole) {
        hole.consume(keys.indexes(number));
        hole.consume(VerdictJson.write(decide()));
        seal(keys.subjectKey(subjectId, wrapped), hole);
    }

    @Benchmark
    public void toSomebodyNew(Blackhole hole) {
        hole.consume(keys.indexes(number));
        hole.consume(VerdictJson.write(decide()));
        NewSubject created = NewSubject.of(keys, number);
        hole.consume(created);
        seal(created.key(), hole);
    }

    private void seal(SubjectKey key, Blackhole hole) {
        UUID id = TimeOrderedId.next();
        hole.consume(key.seal(TEXT, new AssociatedData(keys.tenant(), "message", "text_sealed", id)));
        hole.consume(key.seal(REFERENCE, new AssociatedData(keys.tenant(), "message", "reference_sealed", id)));
        hole.consume(keys.index("reference", REFERENCE));
    }

    private Verdict decide() {
        Instant now = Instant.now();
        return Gate.decide(
                new Facts.Known(
                        purpose,
                        sender,
                        new Facts.Recipient(Place.of(number, null), Age.UNKNOWN),
                        new Facts.Permission(consent, null, List.of(), now),
                        new Facts.Terms(Set.of("FR"), pack),
                        now),
                now);
    }
}
