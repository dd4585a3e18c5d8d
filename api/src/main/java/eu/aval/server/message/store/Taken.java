// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static eu.aval.server.message.store.RowValues.flag;
import static eu.aval.server.message.store.RowValues.number;
import static eu.aval.server.message.store.RowValues.text;
import static eu.aval.server.message.store.RowValues.uuid;

import eu.aval.server.message.dispatch.ClaimedMessage;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.store.ClaimGate.Candidate;
import eu.aval.server.policy.Place;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the queue that a claim has taken, and what is known of its message.
 *
 * @param suspended whether its tenant is
 * @param outside whether its carrier is not within the residency of the tenant
 * @param candidate what the gate is asked; null if its person was erased, or it was cancelled or settled in the meantime
 * @param message null with the candidate
 */
record Taken(
        UUID messageId,
        TenantId tenant,
        int lane,
        Instant due,
        Instant expiresAt,
        boolean overdue,
        boolean suspended,
        boolean validityGiven,
        boolean outside,
        @Nullable Candidate candidate,
        @Nullable ClaimedMessage message) {

    private static final Set<String> WAITING = Set.of("QUEUED", "SCHEDULED", "UNCERTAIN");

    /** @param row of the statement that takes */
    static Taken of(Readable row, UUID accountId) {
        UUID id = uuid(row, "message_id");
        TenantId tenant = new TenantId(uuid(row, "tenant_id"));
        int lane = number(row, "lane");
        Instant due = Objects.requireNonNull(row.get("due_at", Instant.class));
        Instant expiresAt = Objects.requireNonNull(row.get("expires_at", Instant.class));
        boolean overdue = flag(row, "overdue");
        boolean suspended = !"ACTIVE".equals(row.get("state", String.class));
        UUID subjectId = row.get("subject_id", UUID.class);
        ByteBuffer text = row.get("text_sealed", ByteBuffer.class);
        ByteBuffer number = row.get("number_sealed", ByteBuffer.class);
        ByteBuffer key = row.get("wrapped", ByteBuffer.class);
        String status = row.get("status", String.class);
        if (subjectId == null || text == null || number == null || key == null || !WAITING.contains(status)) {
            return new Taken(id, tenant, lane, due, expiresAt, overdue, suspended, false, false, null, null);
        }
        UUID[] refusedBy = row.get("refused_by", UUID[].class);
        String[] countries = row.get("countries", String[].class);
        String sender = text(row, "sender");
        String country = text(row, "country");
        ClaimedMessage message = new ClaimedMessage(
                new Attempt(id, number(row, "attempts"), tenant, accountId),
                subjectId,
                lane,
                number(row, "parts"),
                PriceColumns.maxPrice(row),
                flag(row, "pinned"),
                flag(row, "simulated"),
                MessageClass.valueOf(text(row, "message_class")),
                sender,
                country,
                Encoding.valueOf(text(row, "encoding")),
                expiresAt,
                refusedBy == null ? Set.of() : Set.of(refusedBy),
                text,
                number,
                key);
        Candidate candidate = new Candidate(
                id,
                tenant,
                subjectId,
                uuid(row, "purpose_id"),
                sender,
                place(row, country),
                countries == null ? Set.of() : Set.of(countries),
                String.valueOf(row.get("rule_pack", String.class)),
                row.get("answers", UUID.class) != null);
        return new Taken(
                id,
                tenant,
                lane,
                due,
                expiresAt,
                overdue,
                suspended,
                flag(row, "validity_given"),
                HeldMessages.isOutside(row),
                candidate,
                message);
    }

    private static Place place(Readable row, String country) {
        String region = row.get("recipient_region", String.class);
        String[] zones = row.get("zones", String[].class);
        return zones == null
                ? Place.of(country, region)
                : Place.of(country, region, Arrays.stream(zones).map(ZoneId::of).toList());
    }
}
