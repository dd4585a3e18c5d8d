// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.shared.Money;
import eu.aval.spi.submit.MessageClass;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A route as somebody wants it.
 *
 * @param priority lower is tried first
 * @param country ISO 3166-1 alpha-2; null matches all
 * @param prefix {@code +} and digits; null matches all
 * @param messageClass null matches all
 * @param partPrice what a part is expected to cost, as the carrier's contract says; null is not known
 */
public record RouteDraft(
        UUID accountId,
        int priority,
        @Nullable String country,
        @Nullable String prefix,
        @Nullable MessageClass messageClass,
        boolean enabled,
        @Nullable Money partPrice) {

    /** Everything, to one account. */
    public static RouteDraft everythingTo(UUID accountId) {
        return new RouteDraft(accountId, 100, null, null, null, true, null);
    }
}
