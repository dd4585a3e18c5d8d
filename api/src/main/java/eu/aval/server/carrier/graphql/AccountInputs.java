// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.graphql;

import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.AccountUpdate;
import eu.aval.server.carrier.Processing;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Carrier accounts as somebody writes them. Values of settings may be secrets: nothing here shows or repeats one. */
final class AccountInputs {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
    private static final int MOST_SETTINGS = 200;
    private static final int MOST_COUNTRIES = 300;
    private static final int LONGEST_VALUE = 16 << 10;

    private AccountInputs() {}

    record CarrierSettingInput(String name, String value) {

        @Override
        public String toString() {
            return "CarrierSettingInput[" + name + "]";
        }
    }

    record CreateCarrierAccountInput(
            String name,
            String carrierId,
            List<CarrierSettingInput> settings,
            Boolean enabled,
            @Nullable Double partsPerSecond,
            @Nullable Integer maximumInFlight,
            @Nullable Integer maximumNodes,
            List<String> processingCountries,
            Processing.@Nullable Transfer transferMechanism) {

        AccountDraft draft() {
            return new AccountDraft(
                    name,
                    carrierId,
                    enabled,
                    map(settings),
                    rate(partsPerSecond),
                    maximumInFlight,
                    maximumNodes,
                    processing(processingCountries, transferMechanism));
        }
    }

    record UpdateCarrierAccountInput(
            UUID id,
            String name,
            List<CarrierSettingInput> settings,
            Boolean enabled,
            @Nullable Double partsPerSecond,
            @Nullable Integer maximumInFlight,
            @Nullable Integer maximumNodes,
            List<String> processingCountries,
            Processing.@Nullable Transfer transferMechanism,
            List<String> removeSecrets,
            @Nullable Integer version) {

        AccountUpdate update(String carrierId) {
            if (removeSecrets.size() > MOST_SETTINGS) {
                throw invalid(List.of(new Problem.Field("/removeSecrets", "TOO_MANY", "At most " + MOST_SETTINGS)));
            }
            AccountDraft draft = new AccountDraft(
                    name,
                    carrierId,
                    enabled,
                    map(settings),
                    rate(partsPerSecond),
                    maximumInFlight,
                    maximumNodes,
                    processing(processingCountries, transferMechanism));
            return new AccountUpdate(draft, removeSecrets, version);
        }
    }

    private static Processing processing(List<String> countries, Processing.@Nullable Transfer transfer) {
        if (countries.size() > MOST_COUNTRIES) {
            throw invalid(List.of(new Problem.Field("/processingCountries", "TOO_MANY", "At most " + MOST_COUNTRIES)));
        }
        return new Processing(Set.copyOf(countries), transfer);
    }

    /** By name. What is no name is told by its place: it may be a secret that somebody pasted into the wrong field. */
    private static Map<String, String> map(List<CarrierSettingInput> settings) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (settings.size() > MOST_SETTINGS) {
            throw invalid(List.of(new Problem.Field("/settings", "TOO_MANY", "At most " + MOST_SETTINGS)));
        }
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < settings.size(); i++) {
            var setting = settings.get(i);
            if (!NAME.matcher(setting.name()).matches()) {
                wrong.add(new Problem.Field("/settings/" + i + "/name", "INVALID", "Is not the name of a setting"));
            } else if (setting.value().length() > LONGEST_VALUE) {
                wrong.add(new Problem.Field("/settings/" + i + "/value", "TOO_LONG", "Is too long for any setting"));
            } else if (map.put(setting.name(), setting.value()) != null) {
                wrong.add(new Problem.Field("/settings/" + setting.name(), "DUPLICATE", "Stands twice"));
            }
        }
        if (!wrong.isEmpty()) {
            throw invalid(wrong);
        }
        return map;
    }

    private static @Nullable BigDecimal rate(@Nullable Double partsPerSecond) {
        if (partsPerSecond != null && !(Math.abs(partsPerSecond) <= 1_000_000)) {
            throw invalid(List.of(new Problem.Field("/partsPerSecond", "OUT_OF_RANGE", "Is at most 1000000")));
        }
        return partsPerSecond == null ? null : BigDecimal.valueOf(partsPerSecond);
    }

    private static Problem invalid(List<Problem.Field> wrong) {
        return new Problem(ProblemType.INVALID_REQUEST, "The account has invalid fields.", wrong);
    }
}
