// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the database knows of everything a {@link Question} asked about, at one moment. */
public final class Findings {

    /** A person on file, with the wrapped key. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Known(UUID subjectId, byte[] wrappedKey) {}

    /**
     * Who used an idempotency key, and for what.
     *
     * @param status null when the message is gone already
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Used(
            UUID messageId,
            byte[] fingerprint,
            @Nullable String status,
            @Nullable String encoding,
            int parts,
            @Nullable Instant sendAt) {}

    private final Map<Integer, Known> known = new HashMap<>();
    private final Map<Integer, List<Suppression>> suppressions = new HashMap<>();
    private final Map<Integer, Age> ages = new HashMap<>();
    private final Map<Integer, Consent> consents = new HashMap<>();
    private final Map<Integer, Consent> guardians = new HashMap<>();
    private final Set<Integer> listed = new HashSet<>();
    private final Map<Integer, Used> used = new HashMap<>();
    private int aeadVersion;
    private int prfVersion;

    Findings() {}

    public int aeadVersion() {
        return aeadVersion;
    }

    public int prfVersion() {
        return prfVersion;
    }

    public @Nullable Known known(int position) {
        return known.get(position);
    }

    public List<Suppression> suppressions(int position) {
        return suppressions.getOrDefault(position, List.of());
    }

    public Age age(int position) {
        return ages.getOrDefault(position, Age.UNKNOWN);
    }

    /** The recipient's own. */
    public @Nullable Consent consent(int pair) {
        return consents.get(pair);
    }

    /** That of a guardian; of who was a child only. */
    public @Nullable Consent guardian(int pair) {
        return guardians.get(pair);
    }

    public boolean isListed(int pair) {
        return listed.contains(pair);
    }

    public @Nullable Used used(int position) {
        return used.get(position);
    }

    /** Returns this: a mapping may not be null. */
    Findings add(Readable row) {
        int position = Objects.requireNonNull(row.get(1, Integer.class));
        switch (Objects.requireNonNull(row.get(0, String.class))) {
            case "V" -> {
                int version = number(row);
                switch (text(row, 4)) {
                    case "AEAD" -> aeadVersion = version;
                    case "PRF" -> prfVersion = version;
                    default -> {
                        // Signing keys are of no concern here
                    }
                }
            }
            case "S" -> known.put(position, new Known(id(row), octets(row)));
            case "X" ->
                suppressions
                        .computeIfAbsent(position, none -> new ArrayList<>(1))
                        .add(new Suppression(text(row, 4), text(row, 5)));
            case "A" ->
                ages.put(
                        position,
                        Age.of(
                                text(row, 4),
                                row.get(5) == null ? null : LocalDate.parse(text(row, 5)),
                                row.get(6) == null ? null : LocalDate.ofEpochDay(number(row))));
            case "C" -> consents.put(position, consent(row));
            case "G" -> guardians.put(position, consent(row));
            case "T" -> listed.add(position);
            case "I" ->
                used.put(
                        position,
                        new Used(
                                id(row),
                                octets(row),
                                row.get(4, String.class),
                                row.get(5, String.class),
                                row.get(6) == null ? 0 : number(row),
                                row.get(7, Instant.class)));
            default -> throw new IllegalStateException("A fact of no kind");
        }
        return this;
    }

    private static Consent consent(Readable row) {
        return new Consent(
                id(row),
                Consent.Status.valueOf(text(row, 4)),
                Objects.requireNonNull(row.get(8, Instant.class)),
                row.get(7, Instant.class));
    }

    private static UUID id(Readable row) {
        return Objects.requireNonNull(row.get(2, UUID.class));
    }

    private static byte[] octets(Readable row) {
        ByteBuffer buffer = Objects.requireNonNull(row.get(3, ByteBuffer.class));
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets;
    }

    private static String text(Readable row, int column) {
        return Objects.requireNonNull(row.get(column, String.class));
    }

    private static int number(Readable row) {
        return Objects.requireNonNull(row.get(6, Integer.class));
    }
}
