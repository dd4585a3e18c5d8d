// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.access.ApiKey;
import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.Application;
import eu.aval.server.access.Operator;
import eu.aval.server.access.OperatorToken;
import eu.aval.server.access.OperatorTokens;
import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Tenants, keys and clients for tests of the server as a caller sees it; inject it into a {@link PlatformTest}. Each
 * exchange of its clients with {@code /v1} is held against the OpenAPI contract.
 */
@Component
public class RestSetup {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final OpenApiContract CONTRACT = new OpenApiContract();

    private final Environment environment;
    private final FreshDatabase database;
    private final ApiKeys keys;
    private final OperatorTokens tokens;

    RestSetup(Environment environment, FreshDatabase database, ApiKeys keys, OperatorTokens tokens) {
        this.environment = environment;
        this.database = database;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** A new tenant in France, without purposes, senders or routes. */
    public TenantId tenant() {
        var id = TimeOrderedId.next();
        database.execute(
                "insert into aval.tenant (id, key, name, rule_pack) values (?, ?, ?, 'OPEN')",
                id,
                "t-" + id.toString().replace("-", ""),
                "Tenant of a test");
        return new TenantId(id);
    }

    /** A LIVE key with all scopes and 10,000 requests per second. */
    public String key(TenantId tenant) {
        return key(ApiKey.Draft.unrestricted(tenant, "test", Application.Kind.LIVE, 10_000));
    }

    /** A key with these scopes only. */
    public String key(TenantId tenant, Application.Scope... scopes) {
        return key(new ApiKey.Draft(
                tenant, "test", Application.Kind.LIVE, Set.of(scopes), null, null, 10_000, null, Set.of()));
    }

    /** A key that may send, for these purposes only. */
    public String sendingKey(TenantId tenant, Set<String> purposes) {
        return key(new ApiKey.Draft(
                tenant,
                "test",
                Application.Kind.LIVE,
                Set.of(Application.Scope.MESSAGES_SEND),
                purposes,
                null,
                1_000,
                null,
                Set.of()));
    }

    public String key(ApiKey.Draft draft) {
        return keys.issue(draft, Actor.SYSTEM)
                .blockOptional(TIMEOUT)
                .orElseThrow()
                .secret();
    }

    /** A token for every tenant. */
    public String token(Operator.Role role) {
        return token(role, null);
    }

    public String token(Operator.Role role, @Nullable TenantId tenant) {
        return tokens.issue(new OperatorToken.Draft(tenant, "test", role, null), Actor.SYSTEM)
                .blockOptional(TIMEOUT)
                .orElseThrow()
                .secret();
    }

    /** A client without a key. */
    public WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + environment.getRequiredProperty("local.server.port"))
                .responseTimeout(TIMEOUT)
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(32 * 1024 * 1024))
                .entityExchangeResultConsumer(CONTRACT::check)
                .build();
    }

    /** A client with an API key, or an operator's token. */
    public WebTestClient client(String credential) {
        return client().mutate()
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + credential)
                .build();
    }

    /** A GraphQL client with an operator's token. */
    public HttpGraphQlTester graphQl(String token) {
        return HttpGraphQlTester.create(client(token)
                .mutate()
                .baseUrl("http://localhost:" + environment.getRequiredProperty("local.server.port") + "/graphql")
                .build());
    }
}
