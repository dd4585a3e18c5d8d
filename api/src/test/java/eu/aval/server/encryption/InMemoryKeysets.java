// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import eu.aval.server.shared.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/** A store without a database. */
final class InMemoryKeysets implements KeysetStore {

    private record Place(TenantId tenant, Kind kind) {}

    private final Map<Place, Wrapped> keysets = new ConcurrentHashMap<>();

    @Override
    public Mono<List<Wrapped>> of(TenantId tenant) {
        return Mono.fromCallable(() -> keysets.values().stream()
                .filter(keyset -> keyset.tenant().equals(tenant))
                .toList());
    }

    @Override
    public Mono<Void> create(Collection<Wrapped> created) {
        return Mono.fromRunnable(() ->
                created.forEach(keyset -> keysets.putIfAbsent(new Place(keyset.tenant(), keyset.kind()), keyset)));
    }

    @Override
    public Mono<Boolean> replace(Wrapped expected, Wrapped next) {
        return Mono.fromCallable(() ->
                keysets.computeIfPresent(new Place(next.tenant(), next.kind()), (place, found) -> {
                            boolean same = found.version() == expected.version()
                                    && found.kek().equals(expected.kek());
                            return same ? next : found;
                        })
                        == next);
    }

    @Override
    public Mono<List<TenantId>> changed(Collection<Versions> known) {
        return Mono.fromCallable(() -> known.stream()
                .filter(versions -> version(versions.tenant(), Kind.AEAD) != versions.aead()
                        || version(versions.tenant(), Kind.PRF) != versions.prf())
                .map(Versions::tenant)
                .toList());
    }

    @Override
    public Mono<List<String>> addresses() {
        return Mono.fromCallable(() ->
                keysets.values().stream().map(Wrapped::kek).distinct().sorted().toList());
    }

    @Override
    public Mono<List<Wrapped>> wrappedOtherwise(String kek, int limit) {
        return Mono.fromCallable(() -> keysets.values().stream()
                .filter(keyset -> !keyset.kek().equals(kek))
                .limit(limit)
                .toList());
    }

    private int version(TenantId tenant, Kind kind) {
        Wrapped keyset = keysets.get(new Place(tenant, kind));
        return keyset == null ? 0 : keyset.version();
    }
}
