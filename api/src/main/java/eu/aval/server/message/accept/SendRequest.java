// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.shared.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks to send, as it was read: nothing is checked but the JSON types. A field that is absent or
 * JSON null is null here.
 *
 * @param maxPriceAmount the member {@code maxPrice.amount}
 * @param maxPriceCurrency the member {@code maxPrice.currency}
 * @param privacyText the member {@code privacy.text}
 * @param defects what is wrong with the shape: unknown members, wrong types
 */
public record SendRequest(
        @Nullable String to,
        @Nullable String text,
        @Nullable String purpose,
        @Nullable String from,
        @Nullable String recipientRegion,
        @Nullable String clientReference,
        @Nullable String sendAt,
        @Nullable String validity,
        @Nullable Integer maxParts,
        @Nullable String encoding,
        @Nullable String transliterate,
        @Nullable String maxPriceAmount,
        @Nullable String maxPriceCurrency,
        @Nullable String privacyText,
        List<Problem.Field> defects) {

    /** Shows nothing: every field may be personal. */
    @Override
    public String toString() {
        return "SendRequest[]";
    }
}
