// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.access.Application;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.policy.ComposedText;
import eu.aval.server.policy.Place;
import eu.aval.server.policy.RulePack;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.spi.text.Segmentation;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that may be sent as far as this node can tell without the database: valid in form, within what the key may
 * do, with a route.
 *
 * @param countries where the tenant may send
 * @param rulePack what it must keep to; null if it cannot be read
 * @param text as it will be sent: transliterated if that was asked for, and with the mention of how to refuse more
 * @param stopMention that mention; null where the text need not have one
 * @param sendAt null is now
 * @param validityGiven whether the request said so; else it counts from when the message may leave
 * @param route the account it is planned for
 * @param price what it is expected to cost there; null is not known
 * @param maxPrice what it may cost at most, on any route; null is anything
 * @param rules how much the tenant may send
 * @param signs of marketing, under a purpose that is none
 * @param idempotency null when the request carries no key
 * @param unlessReplayed stands in its way unless it turns out to be a repetition: a repeated request may be late
 */
public record Prepared(
        UUID id,
        Application application,
        PhoneNumber to,
        Sender from,
        Purpose purpose,
        Set<String> countries,
        @Nullable RulePack rulePack,
        Place place,
        MessageText text,
        ComposedText.@Nullable Mention stopMention,
        Segmentation segmentation,
        @Nullable MessageText clientReference,
        @Nullable Instant sendAt,
        Duration validity,
        boolean validityGiven,
        boolean discardText,
        UUID route,
        @Nullable Money price,
        @Nullable Money maxPrice,
        TrafficRules rules,
        Set<String> signs,
        @Nullable Idempotency idempotency,
        @Nullable Problem unlessReplayed) {

    /**
     * @param operation which one the key belongs to: the same key may be used with another
     * @param body what must be equal in a repetition, in a canonical form
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Idempotency(IdempotencyKey key, String operation, byte[] body) {

        @Override
        public String toString() {
            return "Idempotency[" + operation + "]";
        }
    }

    public boolean isTest() {
        return application.kind() == Application.Kind.TEST;
    }
}
