// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.Set;

/**
 * An organisation that sends.
 *
 * @param key its short name in addresses and settings; never changes
 * @param countries where its recipients may be, ISO 3166-1 alpha-2
 * @param residency where its personal data may be processed
 * @param maximumParts of one message
 * @param rulePack id of the rules that it is held to
 */
public record Tenant(
        TenantId id,
        String key,
        String name,
        State state,
        Set<String> countries,
        Residency residency,
        int maximumParts,
        String rulePack,
        Instant createdAt) {

    public Tenant {
        countries = Set.copyOf(countries);
    }

    /** Whether it may send. */
    public enum State {
        ACTIVE,
        /** Takes no requests and sends nothing; its data stay. */
        SUSPENDED
    }

    /** A tenant to be. Its data stay in the EEA. */
    public record Draft(String key, String name, Set<String> countries, int maximumParts) {

        public Draft {
            countries = Set.copyOf(countries);
        }
    }
}
