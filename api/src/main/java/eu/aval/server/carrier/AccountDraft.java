// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A carrier account as somebody wants it.
 *
 * @param settings by the names in the plugin's descriptor. A secret is a reference ({@code env:NAME},
 *     {@code file:/path}) or a value, which is sealed; one that is absent here keeps its earlier value
 * @param partsPerSecond tighter than the carrier's own limit, over all nodes; null is the carrier's
 * @param maximumInFlight tighter than the carrier's own limit, on each node; null is the carrier's
 * @param maximumNodes on how many nodes it may be open at one time; null is all
 * @param processing where the carrier processes what is given to it
 */
public record AccountDraft(
        String name,
        String carrierId,
        boolean enabled,
        Map<String, String> settings,
        @Nullable BigDecimal partsPerSecond,
        @Nullable Integer maximumInFlight,
        @Nullable Integer maximumNodes,
        Processing processing) {

    public AccountDraft {
        settings = Map.copyOf(settings);
    }

    /** Enabled, within the carrier's own limits, on all nodes; nothing is said of where the carrier processes. */
    public static AccountDraft of(String name, String carrierId, Map<String, String> settings) {
        return new AccountDraft(name, carrierId, true, settings, null, null, null, Processing.UNDECLARED);
    }

    /** The same with a carrier that processes there. */
    public AccountDraft processedIn(String... countries) {
        return new AccountDraft(
                name,
                carrierId,
                enabled,
                settings,
                partsPerSecond,
                maximumInFlight,
                maximumNodes,
                new Processing(Set.of(countries), null));
    }

    /** Names of settings only: a value may be a secret. */
    @Override
    public String toString() {
        return "AccountDraft[" + name + ", " + carrierId + ", " + settings.keySet() + "]";
    }
}
