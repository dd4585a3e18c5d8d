// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PhoneNumber;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * The people a tenant knows, by number. Each method runs in the transaction of {@code client}, which must have the
 * current {@code keys}: that is what {@link eu.aval.server.tenant.KeyedDatabase} gives. Bulk: a few statements, however
 * many numbers.
 */
public interface Subjects {

    /** Those that are known. */
    Mono<Map<PhoneNumber, Subject>> find(DatabaseClient client, TenantKeys keys, Collection<PhoneNumber> numbers);

    /**
     * All of them; who is not known is made. Two transactions that make the same person agree on one, also on two nodes.
     */
    Mono<Map<PhoneNumber, Subject>> findOrCreate(
            DatabaseClient client, TenantKeys keys, Collection<PhoneNumber> numbers);

    /** @param next position of the next page; null after the last */
    record Page(List<Subject> subjects, @Nullable String next) {

        public Page {
            subjects = List.copyOf(subjects);
        }
    }

    /**
     * All of a tenant, page by page, for what is kept by number. Locked until the transaction ends; who is locked by
     * somebody else is left out, so a page may be short. Under the platform's role.
     *
     * @param position null is the first page
     */
    Mono<Page> page(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit);

    /**
     * Locks the person until the transaction ends. Whoever changes several rows of one person does this before: so they come
     * one after the other, in whatever order each goes through the rows.
     */
    Mono<Void> lock(DatabaseClient client, UUID id);

    /** What is on record about somebody's age. Locks the person until the transaction ends. */
    Mono<Age> lockedAge(DatabaseClient client, UUID id);

    /** Puts it on record in place of what was there. */
    Mono<Void> declareAge(DatabaseClient client, UUID id, Age age);

    /** By id; an erased or unknown one is missing. */
    Mono<Map<UUID, Subject>> byId(DatabaseClient client, TenantKeys keys, Collection<UUID> ids);

    /** By id; empty for an erased or unknown one. */
    default Mono<Subject> byId(DatabaseClient client, TenantKeys keys, UUID id) {
        return byId(client, keys, List.of(id)).mapNotNull(found -> found.get(id));
    }
}
