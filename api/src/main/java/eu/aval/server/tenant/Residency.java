// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/**
 * Where a tenant's personal data may be processed.
 *
 * @param allowed ISO 3166-1 alpha-2, or {@link #EEA} for all of its countries
 */
public record Residency(Set<String> allowed) {

    /** Stands for the countries of the European Economic Area; the territories of a country are meant with it. */
    public static final String EEA = "EEA";

    public static final Residency STANDARD = new Residency(Set.of(EEA));

    private static final Set<String> EEA_COUNTRIES = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
            "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    public Residency {
        allowed = Set.copyOf(allowed);
    }

    public static boolean isInEea(String country) {
        return EEA_COUNTRIES.contains(country);
    }

    public static boolean isCountry(String code) {
        return COUNTRIES.contains(code);
    }

    /** Whether each of them is meant to be there; false of none: what is not declared is not known to be within. */
    public boolean covers(Collection<String> processingCountries) {
        return !processingCountries.isEmpty()
                && processingCountries.stream()
                        .allMatch(country -> allowed.contains(country) || (allowed.contains(EEA) && isInEea(country)));
    }

    /** Whether everything in it is a country or the EEA, and there is something in it. */
    boolean isValid() {
        return !allowed.isEmpty() && allowed.stream().allMatch(code -> code.equals(EEA) || isCountry(code));
    }
}
