// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of one carrier account, checked by the host against {@link ConfigurationProperty}, defaults filled in.
 * {@link #toString()} shows names only.
 */
public final class CarrierConfiguration {

    private final Map<String, String> values;
    private final Map<String, Secret> secrets;

    private CarrierConfiguration(Map<String, String> values, Map<String, Secret> secrets) {
        this.values = Map.copyOf(values);
        this.secrets = Map.copyOf(secrets);
    }

    public static CarrierConfiguration of(Map<String, String> values, Map<String, Secret> secrets) {
        return new CarrierConfiguration(values, secrets);
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public OptionalInt findInteger(String name) {
        String value = values.get(name);
        return value == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
    }

    /**
     * A value that is required or has a default.
     *
     * @throws IllegalArgumentException if it is absent
     */
    public String string(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("Setting " + name + " is missing"));
    }

    public int integer(String name) {
        return Integer.parseInt(string(name));
    }

    public BigDecimal decimal(String name) {
        return new BigDecimal(string(name));
    }

    public boolean bool(String name) {
        return Boolean.parseBoolean(string(name));
    }

    public Duration duration(String name) {
        return Duration.parse(string(name));
    }

    public Optional<Secret> findSecret(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    @Override
    public String toString() {
        return "CarrierConfiguration[" + values.keySet() + ", secrets " + secrets.keySet() + "]";
    }
}
