// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import eu.aval.server.access.Operator.Role;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/** Who vouches for people besides this server itself. What is wrong with it ends the start. */
@ConfigurationProperties("aval.oidc")
record OidcSettings(@DefaultValue List<Issuer> issuers) {

    /** Signatures that only the issuer can make: none and HMAC are not among them. */
    private static final Set<JWSAlgorithm> ASYMMETRIC = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    OidcSettings {
        Set<String> seen = new HashSet<>();
        for (Issuer each : issuers) {
            if (!seen.add(each.issuer())) {
                throw new IllegalArgumentException("aval.oidc.issuers names " + each.issuer() + " twice");
            }
        }
    }

    /**
     * An issuer of tokens, and what they grant.
     *
     * @param issuer {@code iss} of its tokens, where its discovery document is found
     * @param audience has to be in {@code aud}: a token that was made for somebody else is none for us
     * @param clientId has to be {@code azp} or {@code client_id}; null is any client
     * @param jwksUri where its keys are; null is what its discovery document says
     * @param rolesClaim the claim, or the path to it, whose values grant roles
     * @param roles the values that grant each role
     * @param tenantsClaim the claim, or the path to it, whose values are keys or ids of tenants, or {@code *}
     * @param tenants the same for everybody who comes from here, where there is no such claim
     * @param everyTenantRoles the roles that {@code *} is believed for
     * @param keysFor how old keys may be before they are fetched anew
     * @param staleKeysFor how old they may be while the issuer does not answer
     * @param timeout of a fetch
     */
    record Issuer(
            String issuer,
            String audience,
            @Nullable String clientId,
            @Nullable URI jwksUri,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue Map<Role, Set<String>> roles,
            @Nullable String tenantsClaim,
            @DefaultValue Set<String> tenants,
            @DefaultValue Set<Role> everyTenantRoles,
            @DefaultValue({"RS256", "PS256", "ES256"}) Set<String> algorithms,
            @DefaultValue("30s") Duration clockSkew,
            @DefaultValue("5m") Duration keysFor,
            @DefaultValue("12h") Duration staleKeysFor,
            @DefaultValue("5s") Duration timeout) {

        Issuer {
            require(StringUtils.hasText(issuer), "issuer");
            require(isSecure(URI.create(issuer)), "issuer, which must be https,");
            require(StringUtils.hasText(audience), "audience");
            require(jwksUri == null || isSecure(jwksUri), "jwks-uri, which must be https,");
            require(!roles.isEmpty(), "roles: without them nobody may do anything; they");
            require(
                    tenantsClaim != null || !tenants.isEmpty(),
                    "tenants or tenants-claim: without one nobody sees anything; it");
            require(
                    !algorithms.isEmpty() && ASYMMETRIC.containsAll(parsed(algorithms)),
                    "algorithms, which must be asymmetric,");
            require(!clockSkew.isNegative() && clockSkew.compareTo(Duration.ofMinutes(5)) <= 0, "clock-skew, 0 to 5m,");
            require(timeout.isPositive() && keysFor.isPositive() && staleKeysFor.compareTo(keysFor) >= 0, "times");
        }

        Set<JWSAlgorithm> signatures() {
            return parsed(algorithms);
        }

        private static Set<JWSAlgorithm> parsed(Set<String> names) {
            return names.stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet());
        }

        private static void require(boolean sound, String what) {
            if (!sound) {
                throw new IllegalArgumentException("aval.oidc.issuers: " + what + " cannot be used");
            }
        }
    }

    /** Whether what comes from there can be believed: over TLS, or from this machine. */
    static boolean isSecure(URI address) {
        String host = address.getHost();
        return host != null
                && ("https".equals(address.getScheme())
                        || ("http".equals(address.getScheme()) && THIS_MACHINE.contains(host)));
    }
}
