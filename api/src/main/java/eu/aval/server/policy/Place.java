// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a recipient is, as far as the number and the request tell.
 *
 * @param country ISO 3166-1 alpha-2
 * @param region ISO 3166-2, such as FR-67; null if nobody has said
 * @param zones those that are possible, at least one
 */
public record Place(String country, @Nullable String region, List<ZoneId> zones) {

    public Place {
        zones = List.copyOf(zones);
        if (zones.isEmpty()) {
            throw new IllegalArgumentException("Everybody is in some time zone");
        }
    }
}
