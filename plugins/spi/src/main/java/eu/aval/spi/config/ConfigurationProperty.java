// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a carrier account. The host checks values against it before the plugin sees them: an unknown name, a
 * missing required value or one of the wrong type is refused with the property's name.
 *
 * @param name lower case with dots or dashes, e.g. {@code window}
 * @param defaultValue as it would be written; null when there is none
 * @param allowed the only values of a {@link Type#CHOICE}; empty otherwise
 * @param help one sentence, with unit and range
 */
public record ConfigurationProperty(
        String name, Type type, boolean required, @Nullable String defaultValue, List<String> allowed, String help) {

    /** How a value is written and read. */
    public enum Type {
        STRING,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        /** ISO 8601, e.g. {@code PT30S}. */
        DURATION,
        CHOICE,
        /** Held as a reference ({@code env:NAME}, {@code file:/path}) or sealed; never shown again. */
        SECRET
    }

    public ConfigurationProperty {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(help, "help");
        allowed = List.copyOf(allowed);
    }

    public static ConfigurationProperty required(String name, Type type, String help) {
        return new ConfigurationProperty(name, type, true, null, List.of(), help);
    }

    public static ConfigurationProperty optional(String name, Type type, String help) {
        return new ConfigurationProperty(name, type, false, null, List.of(), help);
    }

    public static ConfigurationProperty withDefault(String name, Type type, String defaultValue, String help) {
        return new ConfigurationProperty(name, type, false, defaultValue, List.of(), help);
    }

    public static ConfigurationProperty choice(String name, String defaultValue, List<String> allowed, String help) {
        return new ConfigurationProperty(name, Type.CHOICE, false, defaultValue, allowed, help);
    }
}
