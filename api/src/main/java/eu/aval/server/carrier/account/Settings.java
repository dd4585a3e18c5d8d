// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.shared.Problem;
import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.config.ConfigurationProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Settings of an account against what the carrier's descriptor says. Speaks of names, never of values. */
final class Settings {

    private static final int LONGEST_VALUE = 4000;

    private Settings() {}

    /** What is wrong; empty when all is well. Secrets need only be there. */
    static List<Problem.Field> check(CarrierDescriptor descriptor, Map<String, String> values, Set<String> secrets) {
        List<Problem.Field> wrong = new ArrayList<>();
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.addAll(secrets);
        for (ConfigurationProperty property : descriptor.configuration()) {
            unknown.remove(property.name());
            String value = values.get(property.name());
            boolean present = property.type() == ConfigurationProperty.Type.SECRET
                    ? secrets.contains(property.name())
                    : value != null;
            if (!present && property.required()) {
                wrong.add(field(property.name(), "REQUIRED", "Is required: " + property.help()));
            } else if (value != null
                    && property.type() != ConfigurationProperty.Type.SECRET
                    && !fits(property, value)) {
                wrong.add(field(property.name(), "WRONG_TYPE", expectation(property)));
            }
        }
        for (String name : unknown) {
            wrong.add(field(name, "UNKNOWN", "Carrier " + descriptor.id() + " has no such setting"));
        }
        return wrong;
    }

    static Set<String> secretNames(CarrierDescriptor descriptor) {
        Set<String> names = new HashSet<>();
        for (ConfigurationProperty property : descriptor.configuration()) {
            if (property.type() == ConfigurationProperty.Type.SECRET) {
                names.add(property.name());
            }
        }
        return names;
    }

    static Map<String, String> withDefaults(CarrierDescriptor descriptor, Map<String, String> values) {
        Map<String, String> complete = new HashMap<>(values);
        for (ConfigurationProperty property : descriptor.configuration()) {
            String otherwise = property.defaultValue();
            if (otherwise != null && property.type() != ConfigurationProperty.Type.SECRET) {
                complete.putIfAbsent(property.name(), otherwise);
            }
        }
        return complete;
    }

    private static Problem.Field field(String name, String code, String detail) {
        return new Problem.Field("/settings/" + name.replace("~", "~0").replace("/", "~1"), code, detail);
    }

    private static boolean fits(ConfigurationProperty property, String value) {
        if (value.length() > LONGEST_VALUE) {
            return false;
        }
        try {
            return switch (property.type()) {
                case STRING, SECRET -> true;
                case INTEGER -> Integer.toString(Integer.parseInt(value)).length() > 0;
                case DECIMAL -> new BigDecimal(value).precision() <= 100;
                case BOOLEAN -> value.equals("true") || value.equals("false");
                case DURATION -> !Duration.parse(value).isNegative();
                case CHOICE -> property.allowed().contains(value);
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            return false;
        }
    }

    private static String expectation(ConfigurationProperty property) {
        return switch (property.type()) {
            case STRING, SECRET -> "Is at most " + LONGEST_VALUE + " characters";
            case INTEGER -> "Is a whole number";
            case DECIMAL -> "Is a decimal number";
            case BOOLEAN -> "Is true or false";
            case DURATION -> "Is a duration such as PT30S";
            case CHOICE -> "Is one of " + property.allowed();
        };
    }
}
