// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a tenant at a moment.
 *
 * @param overrides those that had not ended when this was read
 */
public record TrafficRules(Limits limits, List<LimitOverride> overrides) {

    public static final TrafficRules NONE = new TrafficRules(Limits.NONE, List.of());

    public TrafficRules {
        overrides = List.copyOf(overrides);
    }

    /** {@code countries}, and those that are let in for a while. */
    public Set<String> countries(Set<String> countries, Instant now) {
        Set<String> all = null;
        for (LimitOverride each : overrides) {
            String country = each.country();
            if (each.kind() == LimitKind.COUNTRY && country != null && each.isInForce(now)) {
                all = all == null ? new HashSet<>(countries) : all;
                all.add(country);
            }
        }
        return all == null ? countries : Set.copyOf(all);
    }

    /** The override that lifts a limit; null if it holds. */
    public @Nullable LimitOverride lifting(
            LimitKind kind, @Nullable UUID subject, @Nullable String block, Instant now) {
        for (LimitOverride each : overrides) {
            if (each.kind() == kind
                    && (each.subject() == null || each.subject().equals(subject))
                    && (each.block() == null || each.block().equals(block))
                    && each.isInForce(now)) {
                return each;
            }
        }
        return null;
    }
}
