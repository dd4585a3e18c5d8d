// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** An issuer of OpenID Connect, as far as a resource server sees one: discovery, keys, and tokens signed with them. */
public final class SigningIssuer implements AutoCloseable {

    /** How it takes requests. */
    enum Mood {
        WILLING,
        /** Answers 503. */
        FAILING,
        /** Takes a request and never answers. */
        HANGING,
        /** Answers more than anybody wants to read. */
        TALKATIVE,
        /** Sends whoever asks for its keys elsewhere. */
        REDIRECTING
    }

    private final DisposableServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile String speaksFor;
    private volatile Mood mood = Mood.WILLING;
    private volatile RSAKey key;
    private volatile JWKSet published;

    public SigningIssuer() {
        this.key = newKey();
        this.published = new JWKSet(key);
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get(
                                "/.well-known/openid-configuration",
                                (request, response) -> mood == Mood.FAILING
                                        ? response.status(503).send()
                                        : json(response, discovery()))
                        .get("/keys", (request, response) -> {
                            fetches.incrementAndGet();
                            return switch (mood) {
                                case WILLING -> json(response, published.toString(true));
                                case FAILING -> response.status(503).send();
                                case HANGING -> Mono.never();
                                case TALKATIVE -> json(response, published.toString(true) + " ".repeat(1_000_000));
                                case REDIRECTING -> response.sendRedirect("/others");
                            };
                        })
                        .get("/others", (request, response) -> json(response, published.toString(true))))
                .bindNow(Duration.ofSeconds(20));
        this.speaksFor = address();
    }

    public String address() {
        return "http://127.0.0.1:" + server.port();
    }

    private static Publisher<Void> json(HttpServerResponse response, String text) {
        return response.header("Content-Type", "application/json").sendString(Mono.just(text));
    }

    private String discovery() {
        return JsonMapper.shared().writeValueAsString(Map.of("issuer", speaksFor, "jwks_uri", address() + "/keys"));
    }

    /** Signs with a new key from now on, the only one that it publishes. */
    void rotate() {
        key = newKey();
        published = new JWKSet(key);
    }

    /** Publishes these besides the one that it signs with. */
    void publish(JWK... others) {
        published = new JWKSet(java.util.stream.Stream.concat(java.util.stream.Stream.of(key), List.of(others).stream())
                .toList());
    }

    void be(Mood other) {
        mood = other;
    }

    void speakFor(String other) {
        speaksFor = other;
    }

    /** How often its keys were asked for. */
    int fetches() {
        return fetches.get();
    }

    RSAKey key() {
        return key;
    }

    /** Claims of a good token, to be changed. */
    public JWTClaimsSet.Builder claims(String subject) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(address())
                .audience(List.of("account", "aval"))
                .subject(subject)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("name", "Camille Martin")
                .claim("email", "camille.martin@example.org")
                .claim("azp", "console");
    }

    public String sign(JWTClaimsSet.Builder claims) {
        return sign(header().build(), claims.build(), key);
    }

    JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID());
    }

    static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey with) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(with));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(60));
    }
}
