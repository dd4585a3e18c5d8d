// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.shared.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One way for one message.
 *
 * @param priority lower is tried first
 * @param partPrice what a part is expected to cost; null when nobody said
 */
public record Route(
        UUID id, UUID accountId, int priority, @Nullable Money partPrice) {

    /** What a message is expected to cost; null when nobody said what a part does. */
    public @Nullable Money price(int parts) {
        return partPrice == null ? null : partPrice.times(parts);
    }

    /** Whether a message certainly costs no more. With no most, any route will do. */
    public boolean isWithin(@Nullable Money most, int parts) {
        if (most == null) {
            return true;
        }
        Money price = price(parts);
        return price != null && price.isWithin(most);
    }
}
