// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.contact.NewSubject;
import eu.aval.server.shared.Money;
import eu.aval.server.tenant.Octets;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
     * @param verdict JSON
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
            String verdict,
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

    /** @param at when they are accepted */
    public NewMessages(Instant at) {
        this.at = at;
    }

    public void add(NewSubject subject) {
        subjects.add(subject);
    }

    public void add(NewMessage message) {
        messages.add(message);
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    public List<NewMessage> messages() {
        return messages;
    }

    GenericExecuteSpec bindTo(GenericExecuteSpec statement) {
        return statement
                .bind(1, subjects.stream().map(NewSubject::id).toArray(UUID[]::new))
                .bind(
                        2,
                        Octets.array(
                                subjects.stream().map(NewSubject::numberIndex).toList()))
                .bind(
                        3,
                        Octets.array(
                                subjects.stream().map(NewSubject::numberSealed).toList()))
                .bind(4, subjects.stream().map(row -> row.number().country()).toArray(String[]::new))
                .bind(
                        5,
                        Octets.arrayOf(subjects.stream()
                                .map(row -> row.key().wrapped())
                                .toList()))
                .bind(6, at.atOffset(ZoneOffset.UTC))
                .bind(7, column(NewMessage::id, UUID[]::new))
                .bind(8, column(NewMessage::subjectId, UUID[]::new))
                .bind(9, column(NewMessage::newSubject, Boolean[]::new))
                .bind(10, column(NewMessage::apiKeyId, UUID[]::new))
                .bind(11, column(NewMessage::purposeId, UUID[]::new))
                .bind(12, column(NewMessage::messageClass, String[]::new))
                .bind(13, column(NewMessage::sender, String[]::new))
                .bind(14, column(NewMessage::country, String[]::new))
                .bind(15, octets(NewMessage::textSealed))
                .bind(16, octets(NewMessage::referenceSealed))
                .bind(17, octets(NewMessage::referenceIndex))
                .bind(18, column(NewMessage::encoding, String[]::new))
                .bind(19, column(row -> (short) row.parts(), Short[]::new))
                .bind(20, column(NewMessage::simulated, Boolean[]::new))
                .bind(21, column(NewMessage::discardText, Boolean[]::new))
                .bind(22, column(NewMessage::verdict, String[]::new))
                .bind(23, column(NewMessage::status, String[]::new))
                .bind(24, column(row -> at(row.sendAt()), OffsetDateTime[]::new))
                .bind(25, column(row -> at(row.expiresAt()), OffsetDateTime[]::new))
                .bind(26, column(NewMessage::carrierAccountId, UUID[]::new))
                .bind(27, column(row -> (short) row.lane(), Short[]::new))
                .bind(28, column(row -> at(row.dueAt()), OffsetDateTime[]::new))
                .bind(29, column(row -> row.key() == null ? null : row.key().operation(), String[]::new))
                .bind(30, octets(row -> row.key() == null ? null : row.key().hash()))
                .bind(31, octets(row -> row.key() == null ? null : row.key().fingerprint()))
                .bind(32, column(row -> row.key() == null ? null : at(row.key().expiresAt()), OffsetDateTime[]::new))
                .bind(33, column(NewMessage::recipientRegion, String[]::new))
                .bind(34, column(row -> row.zones() == null ? null : String.join(",", row.zones()), String[]::new))
                .bind(35, column(NewMessage::validityGiven, Boolean[]::new))
                .bind(36, column(row -> amount(row.price()), BigDecimal[]::new))
                .bind(37, column(row -> amount(row.maxPrice()), BigDecimal[]::new))
                .bind(38, column(NewMessages::currency, String[]::new));
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
