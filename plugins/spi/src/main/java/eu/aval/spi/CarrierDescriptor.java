// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import eu.aval.spi.config.ConfigurationProperty;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Who a carrier plugin is.
 *
 * @param id lower case, digits and dashes; equals the {@code Plugin-Id} of the jar
 * @param displayName for people
 * @param capabilities the most an account of this carrier can do
 * @param configuration the settings of an account
 */
public record CarrierDescriptor(
        String id, String displayName, Set<Capability> capabilities, List<ConfigurationProperty> configuration) {

    public CarrierDescriptor {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(displayName, "displayName");
        capabilities = Set.copyOf(capabilities);
        configuration = List.copyOf(configuration);
        if (!id.matches("[a-z][a-z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "A carrier id is lower case letters, digits and dashes, at most 40: " + id);
        }
    }
}
