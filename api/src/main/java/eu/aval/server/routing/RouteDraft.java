// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

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
 */
public record RouteDraft(
        UUID accountId,
        int priority,
        @Nullable String country,
        @Nullable String prefix,
        @Nullable MessageClass messageClass,
        boolean enabled) {

    /** Everything, to one account. */
    public static RouteDraft everythingTo(UUID accountId) {
        return new RouteDraft(accountId, 100, null, null, null, true);
    }
}
