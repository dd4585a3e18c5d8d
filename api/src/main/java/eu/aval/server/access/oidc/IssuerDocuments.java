// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import eu.aval.server.access.oidc.OidcSettings.Issuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Reads what an issuer publishes. Small answers only, from where it says that they are, without redirections. */
final class IssuerDocuments {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int LARGEST = 512 * 1024;

    private final HttpClient http = HttpClient.create()
            .proxyWithSystemProperties()
            .followRedirect(false)
            .headers(headers -> headers.set("Accept", "application/json"));

    /** The keys that it signs with; an error when they cannot be read. */
    Mono<JWKSet> keys(Issuer issuer) {
        URI known = issuer.jwksUri();
        return (known == null ? discovered(issuer) : Mono.just(known))
                .flatMap(address -> read(address, issuer))
                .map(IssuerDocuments::keySet)
                .timeout(issuer.timeout());
    }

    private Mono<URI> discovered(Issuer issuer) {
        String base = issuer.issuer();
        URI address = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + DISCOVERY);
        return read(address, issuer).map(document -> jwksUri(document, issuer));
    }

    /** A document that speaks for another issuer is not believed: OpenID Connect Discovery 1.0 section 4.3. */
    private static URI jwksUri(String document, Issuer issuer) {
        try {
            Map<String, Object> fields = JSONObjectUtils.parse(document);
            URI address = URI.create(String.valueOf(JSONObjectUtils.getString(fields, "jwks_uri")));
            if (!issuer.issuer().equals(JSONObjectUtils.getString(fields, "issuer"))
                    || !OidcSettings.isSecure(address)) {
                throw new IllegalStateException("The discovery document is not the issuer's");
            }
            return address;
        } catch (ParseException malformed) {
            throw new IllegalStateException("The discovery document cannot be read", malformed);
        }
    }

    private static JWKSet keySet(String document) {
        try {
            return JWKSet.parse(document);
        } catch (ParseException malformed) {
            throw new IllegalStateException("The keys cannot be read", malformed);
        }
    }

    private Mono<String> read(URI address, Issuer issuer) {
        return http.responseTimeout(issuer.timeout())
                .get()
                .uri(address)
                .response((response, content) -> response.status().code() == 200
                        ? content.asByteArray()
                                .collect(ByteArrayOutputStream::new, IssuerDocuments::append)
                                .map(octets -> octets.toString(StandardCharsets.UTF_8))
                        : Mono.error(
                                new IOException("Answered " + response.status().code())))
                .single();
    }

    private static void append(ByteArrayOutputStream octets, byte[] more) {
        if (octets.size() + more.length > LARGEST) {
            throw new IllegalStateException("The answer is too large");
        }
        octets.writeBytes(more);
    }
}
