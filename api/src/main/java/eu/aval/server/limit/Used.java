// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What of a tenant's limits is used up.
 *
 * @param dayAmount in the currency of the limits
 * @param blocks one-time codes of this hour, by {@link NumberBlock}
 */
public record Used(
        long dayParts, BigDecimal dayAmount, long monthParts, BigDecimal monthAmount, Map<String, Long> blocks) {

    public static final Used NOTHING = new Used(0, BigDecimal.ZERO, 0, BigDecimal.ZERO, Map.of());

    public Used {
        blocks = Map.copyOf(blocks);
    }
}
