// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.store.OperatorTokenRows;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Bearer tokens of people, where no OpenID provider issues them. */
@Component
public class OperatorTokens {

    /** The kind in {@code aval_op_...}. */
    static final String KIND = "op";

    private final KeyedDatabase keyed;
    private final PlatformDatabase database;
    private final OperatorTokenRows rows;
    private final AuditTrail audit;
    private final Secrets secrets;
    private final VerifiedCredentials<Operator> verified;

    OperatorTokens(
            KeyedDatabase keyed, PlatformDatabase database, OperatorTokenRows rows, AuditTrail audit, Secrets secrets) {
        this.keyed = keyed;
        this.database = database;
        this.rows = rows;
        this.audit = audit;
        this.secrets = secrets;
        this.verified = new VerifiedCredentials<>(this::look, System::nanoTime);
    }

    /** Issues a token; this is the only moment at which its secret can be read. */
    public Mono<Issued<OperatorToken>> issue(OperatorToken.Draft draft, Actor actor) {
        return secrets.create(KIND).flatMap(credential -> {
            var token = new OperatorToken(
                    TimeOrderedId.next(),
                    draft.tenant(),
                    draft.name(),
                    draft.role(),
                    credential.prefix(),
                    draft.expiresAt(),
                    null,
                    Instant.now().truncatedTo(ChronoUnit.MICROS));
            var event = new AuditEvent(
                    token.tenant(),
                    actor,
                    "operator-token.issued",
                    "operator-token:" + token.id(),
                    Map.of("role", token.role().name()));
            return keyed.acrossTenants(
                    TenantId.PLATFORM,
                    (client, platform) -> rows.insert(client, token, secrets.hash(platform, credential))
                            .then(audit.append(client, event))
                            .thenReturn(new Issued<>(token, credential.reveal())));
        });
    }

    /** All tokens, revoked ones too, oldest first. */
    public Mono<List<OperatorToken>> list() {
        return database.in(rows::list);
    }

    /** Ends a token for good. Doing it again changes nothing. */
    public Mono<OperatorToken> revoke(UUID id, Actor actor) {
        return database.in(client -> rows.revoke(client, id)
                        .flatMap(changed -> changed
                                ? audit.append(
                                        client,
                                        new AuditEvent(null, actor, "operator-token.revoked", "operator-token:" + id))
                                : Mono.empty())
                        .then(rows.find(client, id)))
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such operator token")))
                .doOnNext(token -> verified.forget());
    }

    /** Whose token it is; empty when it is unknown, revoked or expired. */
    Mono<Operator> verify(Credential credential) {
        return verified.get(credential);
    }

    private Mono<VerifiedCredentials.Entry<Operator>> look(Credential credential) {
        return keyed.acrossTenants(
                TenantId.PLATFORM,
                (client, platform) -> rows.findByPrefix(client, credential.prefix())
                        .filter(stored -> stored.token().revokedAt() == null)
                        .flatMap(stored -> secrets.check(
                                        platform,
                                        credential,
                                        stored.hash(),
                                        hash -> rows.rehash(
                                                client, stored.token().id(), hash))
                                .filter(genuine -> genuine)
                                .map(genuine -> entry(stored.token()))));
    }

    private static VerifiedCredentials.Entry<Operator> entry(OperatorToken token) {
        return new VerifiedCredentials.Entry<>(
                new Operator(
                        token.id(),
                        token.name(),
                        Set.of(token.role()),
                        token.tenant() == null ? null : Set.of(token.tenant()),
                        null),
                token.expiresAt());
    }
}
