// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.contact.NewSubject;
import eu.aval.server.policy.Verdict;
import eu.aval.server.policy.VerdictJson;
import eu.aval.server.shared.Money;
import eu.aval.server.tenant.Octets;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

/** The rows of a batch of accepted messages, and of people and keys that are new with them. */
public final class NewMessages {

    /** An idempotency key taken by a message; all of it PRF values. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Key(String operation, byte[] hash, byte[] fingerprint, Instant expiresAt) {}

    /**
     * One message.
     *
     * @param newSubject whether its person is among the new ones of this batch
     * @param zones null if the country tells
     * @param dueAt when it may leave
     * @param price what it is expected to cost; null is not known
     * @param maxPrice what it may cost at most; null is anything
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record NewMessage(
            UUID id,
            UUID subjectId,
            boolean newSubject,
            UUID apiKeyId,
            UUID purposeId,
            String messageClass,
            String sender,
            String country,
            @Nullable String recipientRegion,
            String @Nullable [] zones,
            byte[] textSealed,
            byte @Nullable [] referenceSealed,
            byte @Nullable [] referenceIndex,
            String encoding,
            int parts,
            boolean simulated,
            boolean discardText,
            Verdict verdict,
            String status,
            @Nullable Instant sendAt,
            Instant expiresAt,
            UUID carrierAccountId,
            int lane,
            Instant dueAt,
            @Nullable Money price,
            @Nullable Money maxPrice,
            @Nullable Key key,
            boolean validityGiven) {}

    private final Instant at;
    private final List<NewSubject> subjects = new ArrayList<>();
    private final List<NewMessage> messages = new ArrayList<>();
    /** Each once, with its place, counted from 1: most messages of a batch share theirs. */
    private final Map<Verdict, Integer> verdicts = new LinkedHashMap<>();

    /** @param at when they are accepted */
    public NewMessages(Instant at) {
        this.at = at;
    }

    public void add(NewSubject subject) {
        subjects.add(subject);
    }

    public void add(NewMessage message) {
        messages.add(message);
        verdicts.putIfAbsent(message.verdict(), verdicts.size() + 1);
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    public List<NewMessage> messages() {
        return messages;
    }

    GenericExecuteSpec bindTo(GenericExecuteSpec statement, UUID tenant) {
        return statement.bindValues(List.of(
                tenant,
                subjects.stream().map(NewSubject::id).toArray(UUID[]::new),
                Octets.array(subjects.stream().map(NewSubject::numberIndex).toList()),
                Octets.array(subjects.stream().map(NewSubject::numberSealed).toList()),
                subjects.stream().map(row -> row.number().country()).toArray(String[]::new),
                Octets.arrayOf(subjects.stream().map(row -> row.key().wrapped()).toList()),
                at.atOffset(ZoneOffset.UTC),
                column(NewMessage::id, UUID[]::new),
                column(NewMessage::subjectId, UUID[]::new),
                column(NewMessage::newSubject, Boolean[]::new),
                column(NewMessage::apiKeyId, UUID[]::new),
                column(NewMessage::purposeId, UUID[]::new),
                column(NewMessage::messageClass, String[]::new),
                column(NewMessage::sender, String[]::new),
                column(NewMessage::country, String[]::new),
                octets(NewMessage::textSealed),
                octets(NewMessage::referenceSealed),
                octets(NewMessage::referenceIndex),
                column(NewMessage::encoding, String[]::new),
                column(row -> (short) row.parts(), Short[]::new),
                column(NewMessage::simulated, Boolean[]::new),
                column(NewMessage::discardText, Boolean[]::new),
                column(row -> verdicts.get(row.verdict()), Integer[]::new),
                column(NewMessage::status, String[]::new),
                column(row -> at(row.sendAt()), OffsetDateTime[]::new),
                column(row -> at(row.expiresAt()), OffsetDateTime[]::new),
                column(NewMessage::carrierAccountId, UUID[]::new),
                column(row -> (short) row.lane(), Short[]::new),
                column(row -> at(row.dueAt()), OffsetDateTime[]::new),
                column(row -> row.key() == null ? null : row.key().operation(), String[]::new),
                octets(row -> row.key() == null ? null : row.key().hash()),
                octets(row -> row.key() == null ? null : row.key().fingerprint()),
                column(row -> row.key() == null ? null : at(row.key().expiresAt()), OffsetDateTime[]::new),
                column(NewMessage::recipientRegion, String[]::new),
                column(row -> row.zones() == null ? null : String.join(",", row.zones()), String[]::new),
                column(NewMessage::validityGiven, Boolean[]::new),
                column(row -> amount(row.price()), BigDecimal[]::new),
                column(row -> amount(row.maxPrice()), BigDecimal[]::new),
                column(NewMessages::currency, String[]::new),
                verdicts.keySet().stream().map(VerdictJson::write).toArray(String[]::new)));
    }

    private static @Nullable BigDecimal amount(@Nullable Money money) {
        return money == null ? null : money.amount();
    }

    /** One for both: a route is only taken when its price is in the currency of the highest. */
    private static @Nullable String currency(NewMessage message) {
        Money price = message.price() == null ? message.maxPrice() : message.price();
        return price == null ? null : price.currency();
    }

    private <T> T[] column(
            Function<NewMessage, ? extends @Nullable T> value, java.util.function.IntFunction<T[]> array) {
        T[] column = array.apply(messages.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(messages.get(i));
        }
        return column;
    }

    private byte[] @Nullable [] octets(Function<NewMessage, byte @Nullable []> value) {
        return column(value, byte[][]::new);
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
