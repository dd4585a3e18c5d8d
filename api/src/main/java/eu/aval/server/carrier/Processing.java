// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.server.shared.Problem;
import eu.aval.server.tenant.Residency;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a carrier processes the numbers and texts that are given to it.
 *
 * @param countries ISO 3166-1 alpha-2; empty is not declared, which is within the residency of no tenant
 * @param transfer what makes it lawful in those countries that are outside the EEA
 */
public record Processing(Set<String> countries, @Nullable Transfer transfer) {

    public static final Processing UNDECLARED = new Processing(Set.of(), null);

    /** GDPR chapter V. */
    public enum Transfer {
        /** Art. 45. */
        ADEQUACY_DECISION,
        /** Art. 46(2)(c) and (d). */
        STANDARD_CONTRACTUAL_CLAUSES,
        /** Art. 47. */
        BINDING_CORPORATE_RULES,
        /** Art. 49. */
        DEROGATION
    }

    public Processing {
        countries = Set.copyOf(countries);
    }

    /** From the columns of {@code aval.carrier_account}. */
    public static Processing of(String[] countries, @Nullable String transfer) {
        return new Processing(Set.of(countries), transfer == null ? null : Transfer.valueOf(transfer));
    }

    /** What is wrong with it. */
    public List<Problem.Field> defects() {
        List<Problem.Field> wrong = new ArrayList<>();
        if (!countries.stream().allMatch(Residency::isCountry)) {
            wrong.add(new Problem.Field("/processingCountries", "INVALID", "Are country codes such as FR"));
        }
        String outside = countries.stream()
                .filter(country -> Residency.isCountry(country) && !Residency.isInEea(country))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!outside.isEmpty() && transfer == null) {
            wrong.add(new Problem.Field(
                    "/transferMechanism", "REQUIRED", "What makes processing outside the EEA lawful: " + outside));
        }
        return wrong;
    }
}
