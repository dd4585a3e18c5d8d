// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import eu.aval.server.access.Operator;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.access.oidc.Rejection.Rejected;
import eu.aval.server.access.oidc.TrustedIssuer.Grant;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Bearer tokens that issuers have signed. What a token proved is remembered for a few seconds, so that a console that asks ten
 * questions at once costs one check; a suspended person and a key that is gone are refused after these.
 */
@Component
@EnableConfigurationProperties(OidcSettings.class)
public class OidcTokens {

    private static final Duration MEMORY = Duration.ofSeconds(4);
    private static final int CHECKS = 64;

    private record Proven(Operator operator, Instant expiresAt) {}

    private final Map<String, TrustedIssuer> issuers;
    private final OperatorIdentities identities;
    private final Tenants tenants;
    private final MeterRegistry meters;
    private final Clock clock = Clock.systemUTC();
    private final Semaphore checks = new Semaphore(CHECKS);
    private final AsyncCache<String, Proven> proven =
            Caffeine.newBuilder().expireAfterWrite(MEMORY).maximumSize(10_000).buildAsync();

    OidcTokens(OidcSettings settings, OperatorIdentities identities, Tenants tenants, MeterRegistry meters) {
        var documents = new IssuerDocuments();
        this.issuers = settings.issuers().stream()
                .map(issuer -> new TrustedIssuer(issuer, documents.keys(issuer), clock, System::nanoTime))
                .collect(Collectors.toUnmodifiableMap(TrustedIssuer::address, Function.identity()));
        this.identities = identities;
        this.tenants = tenants;
        this.meters = meters;
    }

    /**
     * Whose token it is.
     *
     * @return an error {@link eu.aval.server.shared.Problem} if it is not believed, or grants nothing
     */
    public Mono<Operator> verify(String token) {
        return Mono.defer(() -> {
                    // a token in use lives on though whoever asked first has hung up
                    CompletableFuture<Proven> future = proven.get(
                            hash(token), (key, executor) -> check(token).toFuture());
                    return Mono.fromFuture(future, true);
                })
                .filter(known -> clock.instant().isBefore(known.expiresAt()))
                .switchIfEmpty(Mono.error(Rejection.EXPIRED::asException))
                .map(Proven::operator)
                .onErrorMap(Rejected.class, this::counted);
    }

    private Throwable counted(Rejected rejected) {
        Counter.builder("aval_tokens_rejected")
                .description("Tokens of issuers that were not believed, or grant nothing here")
                .tag("reason", rejected.reason().name())
                .register(meters)
                .increment();
        return rejected.reason().problem();
    }

    /** Whoever waits for the keys of an issuer stands in nobody's way: only what costs something is limited. */
    private Mono<Proven> check(String token) {
        return Mono.defer(() -> {
            SignedJWT signed = parsed(token);
            TrustedIssuer issuer = issuer(signed);
            return issuer.keysOf(signed)
                    .flatMap(candidates ->
                            limited(issuer.check(signed, candidates).flatMap(this::operator)));
        });
    }

    private <T> Mono<T> limited(Mono<T> work) {
        return Mono.defer(() -> checks.tryAcquire()
                ? work.doFinally(end -> checks.release())
                : Mono.error(Rejection.OVERLOADED.asException()));
    }

    private static SignedJWT parsed(String token) {
        try {
            return switch (JWTParser.parse(token)) {
                case SignedJWT signed -> signed;
                case PlainJWT unsigned -> throw Rejection.ALGORITHM.asException();
                default -> throw Rejection.MALFORMED.asException();
            };
        } catch (ParseException | IllegalArgumentException malformed) {
            throw Rejection.MALFORMED.asException();
        }
    }

    /** As it says of itself: whether that is so, its keys will show. */
    private TrustedIssuer issuer(SignedJWT token) {
        String address;
        try {
            address = token.getJWTClaimsSet().getIssuer();
        } catch (ParseException malformed) {
            throw Rejection.MALFORMED.asException();
        }
        TrustedIssuer issuer = address == null ? null : issuers.get(address);
        if (issuer == null) {
            throw Rejection.UNKNOWN_ISSUER.asException();
        }
        return issuer;
    }

    private Mono<Proven> operator(Grant grant) {
        return granted(grant)
                .flatMap(seen -> identities.of(grant.issuer(), grant.subject()).map(identity -> {
                    if (identity.suspendedAt() != null) {
                        throw Rejection.SUSPENDED.asException();
                    }
                    String session = grant.sessionId();
                    return new Proven(
                            new Operator(
                                    identity.id(),
                                    null,
                                    grant.roles(),
                                    seen.every() ? null : seen.tenants(),
                                    session == null ? null : hash(session).substring(0, 32)),
                            grant.expiresAt());
                }));
    }

    private record Seen(boolean every, Set<TenantId> tenants) {}

    private Mono<Seen> granted(Grant grant) {
        if (grant.everyTenant()) {
            return Mono.just(new Seen(true, Set.of()));
        }
        return tenants.list()
                .map(all -> new Seen(
                        false,
                        all.stream()
                                .filter(tenant -> isNamed(tenant, grant))
                                .map(Tenant::id)
                                .collect(Collectors.toUnmodifiableSet())))
                .filter(seen -> !seen.tenants().isEmpty())
                .switchIfEmpty(Mono.error(Rejection.NO_TENANT::asException));
    }

    private static boolean isNamed(Tenant tenant, Grant grant) {
        return grant.tenants().contains(tenant.key())
                || grant.tenants().contains(tenant.id().toString());
    }

    private static String hash(String value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is part of every Java runtime", missing);
        }
    }
}
