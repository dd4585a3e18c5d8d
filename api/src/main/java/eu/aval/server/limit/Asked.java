// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.shared.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that somebody wants to send, as limits see it.
 *
 * @param recipient tells recipients of one batch apart
 * @param subject who that is; null when the tenant has not written to them before
 * @param otp whether it is a one-time code
 * @param block {@link NumberBlock} of the recipient
 * @param price expected; null when the route has none
 */
public record Asked(
        UUID apiKeyId,
        int recipient,
        @Nullable UUID subject,
        boolean otp,
        String block,
        int parts,
        @Nullable Money price) {}
