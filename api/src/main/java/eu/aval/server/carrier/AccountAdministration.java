// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.server.audit.Actor;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Carrier accounts as an administrator configures them. Each change is one transaction with its audit event, in force on
 * this node at once and on the others within seconds. Settings that the carrier does not know, lacks or cannot read end
 * as a {@code Problem} {@code INVALID_REQUEST} with the field.
 */
public interface AccountAdministration {

    /** All, by name. */
    Mono<List<ConfiguredAccount>> list();

    /** Ends as {@code NOT_FOUND} when there is none. */
    Mono<ConfiguredAccount> find(UUID id);

    /** Ends as {@code CONFLICT} when the name is taken. */
    Mono<ConfiguredAccount> create(AccountDraft draft, Actor actor);

    /**
     * Replaces everything but the id, the carrier and secrets that are neither in the draft nor removed. Where nothing
     * changes there is no new version, and an open account is left alone. Ends as
     * {@code CONFLICT} when somebody changed the account after the version that the update was made from.
     */
    Mono<ConfiguredAccount> update(UUID id, AccountUpdate update, Actor actor);

    /**
     * A disabled account takes no more messages and closes when the last has ended. Ends as {@code CONFLICT} when somebody
     * changed the account after the version.
     *
     * @param version that the change was made from; null is whichever
     */
    Mono<ConfiguredAccount> enable(UUID id, boolean enabled, @Nullable Integer version, Actor actor);
}
