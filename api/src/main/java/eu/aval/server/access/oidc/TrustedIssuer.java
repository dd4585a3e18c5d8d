// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSecurityContextJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWKSecurityContext;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.oidc.OidcSettings.Issuer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One issuer: checks its tokens, and reads what they grant. */
final class TrustedIssuer {

    /**
     * What a token of this issuer says.
     *
     * @param tenants keys and ids as they stand there, and perhaps {@link #EVERY_TENANT}
     * @param expiresAt with what clocks may differ
     */
    record Grant(
            String issuer,
            String subject,
            Set<Role> roles,
            Set<String> tenants,
            boolean everyTenant,
            @Nullable String sessionId,
            Instant expiresAt) {

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "Grant[" + issuer + ", " + roles + "]";
        }
    }

    static final String EVERY_TENANT = "*";

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int LONGEST_SUBJECT = 255;

    private final Issuer settings;
    private final Set<JWSAlgorithm> algorithms;
    private final SigningKeys keys;
    private final DefaultJWTProcessor<JWKSecurityContext> processor = new DefaultJWTProcessor<>();
    private final Clock clock;

    TrustedIssuer(Issuer settings, Mono<JWKSet> published, Clock clock, LongSupplier nanos) {
        this.settings = settings;
        this.algorithms = settings.signatures();
        this.keys = new SigningKeys(settings, published, nanos);
        this.clock = clock;
        // RFC 7519 and RFC 9068; a logout token, say, is not to open anything
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, new JWKSecurityContextJWKSet()));
        // by check, which says what is wrong
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
    }

    String address() {
        return settings.issuer();
    }

    /** Those that it may be signed with; an error {@link Rejection.Rejected} if there is none. May wait for the issuer. */
    Mono<List<JWK>> keysOf(SignedJWT token) {
        return Mono.defer(() -> algorithms.contains(token.getHeader().getAlgorithm())
                ? keys.named(token.getHeader().getKeyID())
                : Mono.error(Rejection.ALGORITHM.asException()));
    }

    /** An error {@link Rejection.Rejected} if it is not genuine, not for us, or grants nothing. */
    Mono<Grant> check(SignedJWT token, List<JWK> candidates) {
        // some ten thousand multiplications, and providers that are read from disk at their first use
        return Mono.fromCallable(() -> grant(verified(token, candidates))).subscribeOn(Schedulers.boundedElastic());
    }

    private JWTClaimsSet verified(SignedJWT token, List<JWK> candidates) {
        try {
            return processor.process(token, new JWKSecurityContext(candidates));
        } catch (BadJOSEException | JOSEException forged) {
            throw Rejection.SIGNATURE.asException();
        }
    }

    private Grant grant(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date expiresAt = claims.getExpirationTime();
        if (!settings.issuer().equals(claims.getIssuer())) {
            throw Rejection.UNKNOWN_ISSUER.asException();
        }
        if (expiresAt == null || !now.isBefore(expiresAt.toInstant().plus(settings.clockSkew()))) {
            throw Rejection.EXPIRED.asException();
        }
        if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
            throw Rejection.NOT_YET_VALID.asException();
        }
        if (!claims.getAudience().contains(settings.audience())) {
            throw Rejection.AUDIENCE.asException();
        }
        String client = settings.clientId();
        if (client != null && !client.equals(claims.getClaim("azp")) && !client.equals(claims.getClaim("client_id"))) {
            throw Rejection.CLIENT.asException();
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw Rejection.NO_SUBJECT.asException();
        }
        Set<Role> roles = roles(claims);
        if (roles.isEmpty()) {
            throw Rejection.NO_ROLE.asException();
        }
        if (!Role.mayMeet(roles)) {
            throw Rejection.CONFLICTING_ROLES.asException();
        }
        Set<String> tenants = new HashSet<>(tenants(claims));
        boolean everyTenant =
                tenants.remove(EVERY_TENANT) && settings.everyTenantRoles().containsAll(roles);
        if (tenants.isEmpty() && !everyTenant) {
            throw Rejection.NO_TENANT.asException();
        }
        Object session = claims.getClaim("sid") == null ? claims.getJWTID() : claims.getClaim("sid");
        return new Grant(
                settings.issuer(),
                subject,
                roles,
                tenants,
                everyTenant,
                session instanceof String id ? id : null,
                expiresAt.toInstant().plus(settings.clockSkew()));
    }

    private boolean isLater(@Nullable Date moment, Instant now) {
        return moment != null && moment.toInstant().minus(settings.clockSkew()).isAfter(now);
    }

    private Set<Role> roles(JWTClaimsSet claims) {
        Set<String> values = values(claims, settings.rolesClaim());
        Set<Role> roles = EnumSet.noneOf(Role.class);
        settings.roles().forEach((role, names) -> {
            if (names.stream().anyMatch(values::contains)) {
                roles.add(role);
            }
        });
        return roles;
    }

    private Set<String> tenants(JWTClaimsSet claims) {
        String claim = settings.tenantsClaim();
        return claim == null ? settings.tenants() : values(claims, claim);
    }

    /** Of the claim of this name, else of the one that the name is a path to. */
    private static Set<String> values(JWTClaimsSet claims, String name) {
        Object value = claims.getClaim(name);
        if (value == null) {
            value = claims.getClaims();
            for (String step : name.split("\\.", -1)) {
                value = value instanceof Map<?, ?> object ? object.get(step) : null;
            }
        }
        Set<String> values = new HashSet<>();
        if (value instanceof String text) {
            values.addAll(Arrays.asList(BLANKS.split(text.strip())));
        } else if (value instanceof Collection<?> several) {
            several.forEach(each -> {
                if (each instanceof String text) {
                    values.add(text);
                }
            });
        }
        values.remove("");
        return values;
    }
}
