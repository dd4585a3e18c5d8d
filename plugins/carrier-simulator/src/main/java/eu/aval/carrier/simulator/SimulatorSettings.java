// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.Capability;
import eu.aval.spi.Throughput;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.ConfigurationProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The settings of an account. The shares concern numbers without a script; those with one do what it says. */
record SimulatorSettings(
        Duration latency,
        Duration receiptDelay,
        double loss,
        double throttling,
        double uncertainty,
        Throughput throughput,
        long seed,
        OnUncertain onUncertain) {

    /** What the host can do about an uncertain submit. */
    enum OnUncertain {
        RECONCILE,
        DEDUPLICATE,
        NOTHING;

        Set<Capability> withheld() {
            return switch (this) {
                case RECONCILE -> EnumSet.of(Capability.DEDUPLICATION);
                case DEDUPLICATE -> EnumSet.of(Capability.RECONCILE);
                case NOTHING -> EnumSet.of(Capability.DEDUPLICATION, Capability.RECONCILE);
            };
        }
    }

    private static final String LATENCY = "latency";
    private static final String RECEIPT_DELAY = "receipt-delay";
    private static final String LOSS = "loss";
    private static final String THROTTLING = "throttling";
    private static final String UNCERTAINTY = "uncertainty";
    private static final String PARTS_PER_SECOND = "parts-per-second";
    private static final String WINDOW = "window";
    private static final String TIMEOUT = "timeout";
    private static final String SEED = "seed";
    private static final String ON_UNCERTAIN = "on-uncertain";

    private static final Duration LONGEST = Duration.ofDays(1);

    static final List<ConfigurationProperty> PROPERTIES = List.of(
            ConfigurationProperty.withDefault(
                    LATENCY, ConfigurationProperty.Type.DURATION, "PT0.02S", "How long a submit takes, at most a day."),
            ConfigurationProperty.withDefault(
                    RECEIPT_DELAY,
                    ConfigurationProperty.Type.DURATION,
                    "PT1S",
                    "How long after the answer a receipt comes, at most a day."),
            ConfigurationProperty.withDefault(
                    LOSS,
                    ConfigurationProperty.Type.DECIMAL,
                    "0",
                    "Share of messages that are taken and never heard of again, 0 to 1."),
            ConfigurationProperty.withDefault(
                    THROTTLING,
                    ConfigurationProperty.Type.DECIMAL,
                    "0",
                    "Share of submits that are refused as too fast, 0 to 1."),
            ConfigurationProperty.withDefault(
                    UNCERTAINTY,
                    ConfigurationProperty.Type.DECIMAL,
                    "0",
                    "Share of submits whose connection is cut after the message was taken, 0 to 1."),
            ConfigurationProperty.withDefault(
                    PARTS_PER_SECOND,
                    ConfigurationProperty.Type.DECIMAL,
                    "0",
                    "How many parts a second are taken, the rest is refused as too fast; 0 is no limit."),
            ConfigurationProperty.withDefault(
                    WINDOW, ConfigurationProperty.Type.INTEGER, "500", "Submits under way at a time, 1 to 100000."),
            ConfigurationProperty.withDefault(
                    TIMEOUT,
                    ConfigurationProperty.Type.DURATION,
                    "PT10S",
                    "When a submit without an answer is given up, PT0.05S to PT2M."),
            ConfigurationProperty.withDefault(
                    SEED,
                    ConfigurationProperty.Type.INTEGER,
                    "1",
                    "Chooses ids, and which messages the shares strike."),
            ConfigurationProperty.choice(
                    ON_UNCERTAIN,
                    "reconcile",
                    List.of("reconcile", "deduplicate", "nothing"),
                    "What the account declares it can do about an uncertain submit: be asked, or recognise a repeated"
                            + " key."));

    static SimulatorSettings from(CarrierConfiguration configuration) {
        return new SimulatorSettings(
                duration(configuration, LATENCY, Duration.ZERO, LONGEST),
                duration(configuration, RECEIPT_DELAY, Duration.ZERO, LONGEST),
                decimal(configuration, LOSS, 1),
                decimal(configuration, THROTTLING, 1),
                decimal(configuration, UNCERTAINTY, 1),
                new Throughput(
                        decimal(configuration, PARTS_PER_SECOND, 1_000_000),
                        integer(configuration, WINDOW, 1, 100_000),
                        duration(configuration, TIMEOUT, Duration.ofMillis(50), Duration.ofMinutes(2))),
                integer(configuration, SEED, Integer.MIN_VALUE, Integer.MAX_VALUE),
                choice(configuration));
    }

    private static Duration duration(CarrierConfiguration configuration, String name, Duration least, Duration most) {
        Duration value = read(configuration, name, Duration::parse);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw refused(name, value + " is not from " + least + " to " + most);
        }
        return value;
    }

    private static double decimal(CarrierConfiguration configuration, String name, int most) {
        BigDecimal value = read(configuration, name, BigDecimal::new);
        if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw refused(name, value + " is not from 0 to " + most);
        }
        return value.doubleValue();
    }

    private static int integer(CarrierConfiguration configuration, String name, int least, int most) {
        int value = read(configuration, name, Integer::valueOf);
        if (value < least || value > most) {
            throw refused(name, value + " is not from " + least + " to " + most);
        }
        return value;
    }

    private static OnUncertain choice(CarrierConfiguration configuration) {
        return switch (read(configuration, ON_UNCERTAIN, Function.identity())) {
            case "reconcile" -> OnUncertain.RECONCILE;
            case "deduplicate" -> OnUncertain.DEDUPLICATE;
            case "nothing" -> OnUncertain.NOTHING;
            default -> throw refused(ON_UNCERTAIN, "it is reconcile, deduplicate or nothing");
        };
    }

    /** The value, or the default where the host filled none in, as a test of another carrier may forget. */
    private static <T> T read(CarrierConfiguration configuration, String name, Function<String, T> parse) {
        String value = configuration.find(name).orElseGet(() -> defaultOf(name));
        try {
            return parse.apply(value);
        } catch (NumberFormatException | DateTimeParseException e) {
            throw refused(name, "\"" + value + "\" cannot be read");
        }
    }

    private static String defaultOf(String name) {
        for (ConfigurationProperty property : PROPERTIES) {
            if (property.name().equals(name) && property.defaultValue() != null) {
                return property.defaultValue();
            }
        }
        throw refused(name, "it is missing");
    }

    private static IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException("Setting " + name + ": " + why);
    }
}
