// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.access.Operator.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

final class OidcSettingsTests {

    @Test
    void hasNoIssuerUnlessOneIsSet() {
        assertThat(bound(Map.of()).issuers()).isEmpty();
    }

    @Test
    void readsAnIssuerWithWhatHoldsUnlessItIsSet() {
        OidcSettings.Issuer issuer = issuer("https://login.example.com");

        assertThat(issuer.algorithms()).containsExactlyInAnyOrder("RS256", "PS256", "ES256");
        assertThat(issuer.roles()).isEqualTo(Map.of(Role.DPO, Set.of("aval-dpo", "privacy")));
        assertThat(issuer.everyTenantRoles())
                .as("nobody sees every tenant unless it is said")
                .isEmpty();
        assertThat(issuer.clientId()).isNull();
    }

    @Test
    void readsAnIssuerFromVariablesOfTheEnvironment() {
        var variables = new SystemEnvironmentPropertySource(
                "systemEnvironment",
                Map.of(
                        "AVAL_OIDC_ISSUERS_0_ISSUER", "https://login.example.com",
                        "AVAL_OIDC_ISSUERS_0_AUDIENCE", "aval",
                        "AVAL_OIDC_ISSUERS_0_ROLESCLAIM", "realm_access.roles",
                        "AVAL_OIDC_ISSUERS_0_ROLES_CAMPAIGN_MANAGER", "marketing",
                        "AVAL_OIDC_ISSUERS_0_TENANTSCLAIM", "tenants"));

        OidcSettings settings =
                new Binder(ConfigurationPropertySources.from(variables)).bindOrCreate("aval.oidc", OidcSettings.class);

        assertThat(settings.issuers().getFirst().roles()).isEqualTo(Map.of(Role.CAMPAIGN_MANAGER, Set.of("marketing")));
        assertThat(settings.issuers().getFirst().rolesClaim()).isEqualTo("realm_access.roles");
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, http://login.example.com",
        "issuer, ''",
        "audience, ''",
        "jwks-uri, http://login.example.com/keys",
        "algorithms, 'RS256,HS256'",
        "algorithms, none",
        "clock-skew, 10m",
        "timeout, 0s",
        "stale-keys-for, 1m",
        "roles.DPO, ",
        "tenants, "
    })
    void refusesWhatWouldLetAnybodyIn(String name, String value) {
        Map<String, String> settings = settings("https://login.example.com");
        String key = "aval.oidc.issuers[0]." + name;
        if (value == null) {
            settings.remove(key);
        } else {
            settings.put(key, value);
        }

        assertThatThrownBy(() -> bound(settings)).hasStackTraceContaining("aval.oidc.issuers");
    }

    @Test
    void refusesTwoOfOneAddress() {
        Map<String, String> settings = settings("https://login.example.com");
        settings("https://login.example.com").forEach((key, value) -> settings.put(key.replace("[0]", "[1]"), value));

        assertThatThrownBy(() -> bound(settings)).hasStackTraceContaining("twice");
    }

    static OidcSettings.Issuer issuer(String address) {
        return bound(settings(address)).issuers().getFirst();
    }

    private static Map<String, String> settings(String address) {
        return new HashMap<>(Map.of(
                "aval.oidc.issuers[0].issuer", address,
                "aval.oidc.issuers[0].audience", "aval",
                "aval.oidc.issuers[0].roles.DPO", "aval-dpo,privacy",
                "aval.oidc.issuers[0].tenants", "acme"));
    }

    private static OidcSettings bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("aval.oidc", OidcSettings.class);
    }
}
