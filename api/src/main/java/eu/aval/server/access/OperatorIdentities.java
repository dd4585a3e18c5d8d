// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.store.OperatorIdentityRows;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The people whom issuers vouch for. Each has an id here from their first token on; what the issuer knows them by is kept
 * sealed, and found by a keyed index. Nothing else of a token is kept.
 */
@Component
public class OperatorIdentities {

    private final KeyedDatabase keyed;
    private final PlatformDatabase database;
    private final OperatorIdentityRows rows;
    private final AuditTrail audit;
    private final Unmasking unmasking;

    OperatorIdentities(
            KeyedDatabase keyed,
            PlatformDatabase database,
            OperatorIdentityRows rows,
            AuditTrail audit,
            Unmasking unmasking) {
        this.keyed = keyed;
        this.database = database;
        this.rows = rows;
        this.audit = audit;
        this.unmasking = unmasking;
    }

    /** The same one for the same person, on each node; makes it if it is not there. */
    public Mono<OperatorIdentity> of(String issuer, String subject) {
        return keyed.acrossTenants(
                TenantId.PLATFORM,
                (client, platform) -> rows.find(client, platform, issuer, subject)
                        .switchIfEmpty(Mono.defer(() -> rows.insert(client, platform, issuer, subject)))
                        // somebody else was faster: theirs counts
                        .switchIfEmpty(Mono.defer(() -> rows.find(client, platform, issuer, subject))));
    }

    /** Those after this one, oldest first, at most {@code limit}. */
    public Mono<List<OperatorIdentity>> list(int limit, @Nullable UUID after) {
        return database.in(client -> rows.list(client, limit, after));
    }

    /** Refuses their tokens, within seconds on each node. Doing it again changes nothing. */
    public Mono<OperatorIdentity> suspend(UUID id, Actor actor) {
        return change(id, true, actor);
    }

    /** Takes their tokens again. Doing it again changes nothing. */
    public Mono<OperatorIdentity> resume(UUID id, Actor actor) {
        return change(id, false, actor);
    }

    /** What the issuer knows somebody by, and the entry in the journal; an error {@link Problem} NOT_FOUND or QUOTA_EXCEEDED. */
    public Mono<UnmaskResult> unmask(Unmask unmask) {
        return unmasking.show(
                unmask,
                RecordKind.OPERATOR,
                "No such operator",
                work -> keyed.acrossTenants(TenantId.PLATFORM, work),
                (client, platform) -> rows.sealedSubject(client, unmask.id())
                        .map(closed -> new Unmasking.Found(
                                null,
                                Unmasking.findings(unmask)
                                        .value(
                                                Unmask.Field.SUBJECT,
                                                () -> OperatorIdentityRows.open(platform, unmask.id(), closed)))));
    }

    private Mono<OperatorIdentity> change(UUID id, boolean suspended, Actor actor) {
        var event = new AuditEvent(
                null, actor, suspended ? "operator.suspended" : "operator.resumed", "operator:" + id, Map.of());
        return database.in(client -> rows.suspend(client, id, suspended)
                        .flatMap(changed -> changed ? audit.append(client, event) : Mono.empty())
                        .then(Mono.defer(() -> rows.find(client, id))))
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such operator")));
    }
}
