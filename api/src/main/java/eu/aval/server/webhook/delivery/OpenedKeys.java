// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.store.EndpointRows.SealedKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Signing keys of endpoints that are being told, opened once in a while. What a key is never changes. */
public final class OpenedKeys {

    private final Keys keys;
    private final Cache<UUID, SigningKey> opened = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(10))
            .maximumSize(10_000)
            .build();

    public OpenedKeys(Keys keys) {
        this.keys = keys;
    }

    /** Where the secret of a key is sealed. */
    public static AssociatedData place(TenantId tenant, UUID keyId) {
        return new AssociatedData(tenant, "webhook_secret", "secret_sealed", keyId);
    }

    /** In their order; an error if one does not open under the newest keys either. */
    public Mono<List<SigningKey>> open(TenantId tenant, List<SealedKey> all) {
        return keys.of(tenant)
                .map(own -> open(own, all))
                .onErrorResume(
                        SealBroken.class,
                        // sealed under a newer key meanwhile
                        older -> keys.refresh(tenant).map(own -> open(own, all)));
    }

    private List<SigningKey> open(TenantKeys own, List<SealedKey> all) {
        List<SigningKey> signing = new ArrayList<>(all.size());
        for (SealedKey each : all) {
            SigningKey key = opened.getIfPresent(each.id());
            if (key == null) {
                key = SigningKey.read(each.scheme(), own.open(each.sealed(), place(own.tenant(), each.id())));
                opened.put(each.id(), key);
            }
            signing.add(key);
        }
        return signing;
    }
}
