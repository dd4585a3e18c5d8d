// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import eu.aval.server.shared.TenantId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where the wrapped keysets of tenants are kept. The database's side of this package, so that it needs no database. */
public interface KeysetStore {

    /** What a keyset is for. */
    enum Kind {
        /** Seals: subject keys, and what belongs to no single person. */
        AEAD,
        /** Blind indexes. In a keyset of its own: who may look up need not be able to open. */
        PRF
    }

    /**
     * One keyset as it lies in the database.
     *
     * @param version grows with each change of its keys, not with a change of the key that wraps them
     * @param kek address of the key-encryption key
     */
    record Wrapped(TenantId tenant, Kind kind, int version, ByteBuffer bytes, String kek) {}

    /** The versions of a tenant's keysets, as somebody knows them. */
    record Versions(TenantId tenant, int aead, int prf) {}

    Mono<List<Wrapped>> of(TenantId tenant);

    /** Keeps those whose tenant and kind have none yet; the others stay as they are. Two nodes may try at once. */
    Mono<Void> create(Collection<Wrapped> keysets);

    /**
     * Puts {@code next} in the place of {@code expected}, if that is still what is there (version and kek). If the version
     * is another one, it waits for the running transactions that rely on the tenant's keys, a few seconds at most, and
     * lets the next ones wait: each of them sees either the old keyset from beginning to end, or the new one.
     *
     * @return whether it was still there
     */
    Mono<Boolean> replace(Wrapped expected, Wrapped next);

    /** Of the given tenants, those with another version in the database. */
    Mono<List<TenantId>> changed(Collection<Versions> known);

    /** Of the keys that wrap any. */
    Mono<List<String>> addresses();

    /** Some that another key than {@code kek} wraps. */
    Mono<List<Wrapped>> wrappedOtherwise(String kek, int limit);
}
