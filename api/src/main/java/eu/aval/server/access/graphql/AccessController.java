// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.ApiKey;
import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.Application;
import eu.aval.server.access.Operator;
import eu.aval.server.access.OperatorToken;
import eu.aval.server.access.OperatorTokens;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** API keys and operators' tokens. */
@Controller
class AccessController {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    record IssueApiKeyInput(
            UUID tenantId,
            String name,
            Application.Kind kind,
            List<Application.Scope> scopes,
            @Nullable List<String> purposes,
            @Nullable List<String> senders,
            Integer requestsPerSecond,
            @Nullable Instant expiresAt,
            @Nullable List<String> recipients) {

        /** Without the recipients: they are numbers. */
        @Override
        public String toString() {
            return "IssueApiKeyInput[" + tenantId + ", " + kind + "]";
        }
    }

    record IssueOperatorTokenInput(
            @Nullable UUID tenantId,
            String name,
            Operator.Role role,
            @Nullable Instant expiresAt) {}

    record IssueDpoTokenInput(
            @Nullable UUID tenantId, String name, @Nullable Instant expiresAt) {}

    record IssuedApiKey(ApiKey apiKey, String secret) {

        @Override
        public String toString() {
            return "IssuedApiKey[" + apiKey + "]";
        }
    }

    record IssuedOperatorToken(OperatorToken token, String secret) {

        @Override
        public String toString() {
            return "IssuedOperatorToken[" + token + "]";
        }
    }

    private final ApiKeys keys;
    private final OperatorTokens tokens;
    private final Tenants tenants;

    AccessController(ApiKeys keys, OperatorTokens tokens, Tenants tenants) {
        this.keys = keys;
        this.tokens = tokens;
        this.tenants = tenants;
    }

    @QueryMapping
    Operator operator(@ContextValue Operator operator) {
        return operator;
    }

    @QueryMapping
    Mono<List<OperatorToken>> operatorTokens(@ContextValue Operator operator) {
        return tokens.list()
                .map(list ->
                        list.stream().filter(token -> isTheirs(operator, token)).toList());
    }

    @MutationMapping
    Mono<IssuedApiKey> issueApiKey(@Argument IssueApiKeyInput input, @ContextValue Operator operator) {
        var tenant = operator.require(new TenantId(input.tenantId()));
        var draft = new ApiKey.Draft(
                tenant,
                input.name(),
                input.kind(),
                Set.copyOf(input.scopes()),
                set(input.purposes()),
                set(input.senders()),
                input.requestsPerSecond(),
                input.expiresAt(),
                recipients(input.recipients()));
        return tenants.require(tenant)
                .then(Mono.defer(() -> keys.issue(draft, operator.actor())))
                .map(issued -> new IssuedApiKey(issued.value(), issued.secret()));
    }

    @MutationMapping
    Mono<ApiKey> revokeApiKey(@Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return keys.revoke(operator.require(new TenantId(tenantId)), id, operator.actor());
    }

    /** But a DPO's: who administers would choose who watches over them. */
    @MutationMapping
    Mono<IssuedOperatorToken> issueOperatorToken(
            @Argument IssueOperatorTokenInput input, @ContextValue Operator operator) {
        if (input.role() == Operator.Role.DPO) {
            throw new Problem(ProblemType.FORBIDDEN, "Only a DPO issues the token of a DPO");
        }
        return issue(input.tenantId(), input.name(), input.role(), input.expiresAt(), operator);
    }

    @MutationMapping
    Mono<IssuedOperatorToken> issueDpoToken(@Argument IssueDpoTokenInput input, @ContextValue Operator operator) {
        return issue(input.tenantId(), input.name(), Operator.Role.DPO, input.expiresAt(), operator);
    }

    private Mono<IssuedOperatorToken> issue(
            @Nullable UUID tenantId, String name, Operator.Role role, @Nullable Instant expiresAt, Operator operator) {
        var tenant = tenantId == null ? null : operator.require(new TenantId(tenantId));
        if (tenant == null) {
            operator.requireAllTenants();
        }
        List<Problem.Field> wrong = new ArrayList<>();
        if (name.isBlank() || name.length() > 200) {
            wrong.add(new Problem.Field("/name", "INVALID_LENGTH", "1 to 200 characters"));
        }
        if (expiresAt != null && !expiresAt.isAfter(Instant.now())) {
            wrong.add(new Problem.Field("/expiresAt", "OUT_OF_RANGE", "In the future"));
        }
        if (!wrong.isEmpty()) {
            throw invalid(wrong);
        }
        var draft = new OperatorToken.Draft(tenant, name, role, expiresAt);
        return (tenant == null ? Mono.empty() : tenants.require(tenant))
                .then(Mono.defer(() -> tokens.issue(draft, operator.actor())))
                .map(issued -> new IssuedOperatorToken(issued.value(), issued.secret()));
    }

    @MutationMapping
    Mono<OperatorToken> revokeOperatorToken(@Argument UUID id, @ContextValue Operator operator) {
        return tokens.list()
                .filter(list -> list.stream().anyMatch(token -> token.id().equals(id) && isTheirs(operator, token)))
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such operator token")))
                .flatMap(found -> tokens.revoke(id, operator.actor()));
    }

    @SchemaMapping(typeName = "ApiKey")
    TenantId tenantId(ApiKey key) {
        return key.tenant();
    }

    @SchemaMapping(typeName = "OperatorToken", field = "tenantId")
    @Nullable
    TenantId tenantOfToken(OperatorToken token) {
        return token.tenant();
    }

    @SchemaMapping(typeName = "Operator")
    List<Operator.Role> roles(Operator operator) {
        return operator.roles().stream().sorted().toList();
    }

    @SchemaMapping(typeName = "Operator")
    @Nullable
    Collection<TenantId> tenantIds(Operator operator) {
        return operator.tenants();
    }

    private static boolean isTheirs(Operator operator, OperatorToken token) {
        TenantId tenant = token.tenant();
        return tenant == null ? operator.tenants() == null : operator.sees(tenant);
    }

    private static @Nullable Set<String> set(@Nullable List<String> values) {
        return values == null ? null : values.stream().collect(Collectors.toUnmodifiableSet());
    }

    private static Set<PhoneNumber> recipients(@Nullable List<String> numbers) {
        if (numbers == null) {
            return Set.of();
        }
        for (int i = 0; i < numbers.size(); i++) {
            if (!E164.matcher(numbers.get(i)).matches()) {
                throw invalid(List.of(new Problem.Field("/recipients/" + i, "INVALID_NUMBER", "Must be E.164")));
            }
        }
        return numbers.stream().map(number -> PhoneNumber.of(number, "ZZ")).collect(Collectors.toUnmodifiableSet());
    }

    private static Problem invalid(List<Problem.Field> wrong) {
        return new Problem(ProblemType.INVALID_REQUEST, "The input has invalid fields", wrong);
    }
}
