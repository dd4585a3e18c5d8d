// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.util.SecretBytes;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.KeysetStore.Wrapped;
import eu.aval.server.shared.TenantId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * What a rotation does to keys, step by step. Each step can be repeated: done twice, it is done once, so that whoever
 * finds a rotation half done goes on with it. A key has an id before it exists for that reason.
 */
public final class KeyChanges {

    private static final int ATTEMPTS = 8;

    /** Returns null where there is nothing to change. */
    private interface Change {

        @Nullable
        KeysetHandle of(KeysetHandle keys) throws GeneralSecurityException;
    }

    /** Somebody else changed the keyset, or what wraps it, at the same moment. */
    private static final class Overtaken extends RuntimeException {

        Overtaken(TenantId tenant, Kind kind) {
            super("The " + kind + " keyset of tenant " + tenant + " changes again and again", null, false, false);
        }
    }

    private final KeysetStore store;
    private final KeyEncryption encryption;
    private final Keys keys;
    private final Scheduler scheduler;

    KeyChanges(KeysetStore store, KeyEncryption encryption, Keys keys, Scheduler scheduler) {
        this.store = store;
        this.encryption = encryption;
        this.keys = keys;
        this.scheduler = scheduler;
    }

    /** An id that none of the keys has. */
    public Mono<Integer> drawId(TenantId tenant, Kind kind) {
        return stored(tenant, kind)
                .flatMap(encryption::unwrap)
                .flatMap(present -> Mono.fromCallable(() -> {
                            int id = random();
                            while (id == 0 || position(present, id) >= 0) {
                                id = random();
                            }
                            return id;
                        })
                        .subscribeOn(scheduler));
    }

    /** A new key that opens and looks up, and with which nothing is written yet. */
    public Mono<Void> add(TenantId tenant, Kind kind, int id) {
        return change(
                tenant,
                kind,
                present -> position(present, id) >= 0
                        ? null
                        : KeysetHandle.newBuilder(present)
                                .setConfiguration(KeyEncryption.configuration(kind))
                                .addEntry(KeysetHandle.generateEntryFromParameters(CachedKeys.parameters(kind))
                                        .withFixedId(id))
                                .build());
    }

    /** From when this completes, everything is written under the key, on every node. */
    public Mono<Void> promote(TenantId tenant, Kind kind, int id) {
        return change(tenant, kind, present -> {
            if (present.getPrimary().getId() == id) {
                return null;
            }
            KeysetHandle.Builder builder =
                    KeysetHandle.newBuilder(present).setConfiguration(KeyEncryption.configuration(kind));
            builder.getAt(required(present, id)).makePrimary();
            return builder.build();
        });
    }

    /** Destroys all keys but this one, which is the primary: what is still under them is lost. */
    public Mono<Void> keepOnly(TenantId tenant, Kind kind, int id) {
        return change(tenant, kind, present -> {
            if (present.getPrimary().getId() != id) {
                throw new GeneralSecurityException("Not the primary key: " + Integer.toUnsignedString(id));
            }
            if (present.size() == 1) {
                return null;
            }
            KeysetHandle.Builder builder =
                    KeysetHandle.newBuilder(present).setConfiguration(KeyEncryption.configuration(kind));
            for (int i = present.size() - 1; i >= 0; i--) {
                if (present.getAt(i).getId() != id) {
                    builder.deleteAt(i);
                }
            }
            return builder.build();
        });
    }

    /** The address of the key-encryption key that wraps keysets now. */
    public Mono<String> keyEncryptionKey() {
        return encryption.current();
    }

    /**
     * Makes a key-encryption key where the key service can, and gives the address of the one that wraps from now on.
     *
     * @param before what {@link #keyEncryptionKey} was when the rotation began; if it is another one now, this was done
     */
    public Mono<String> renewKeyEncryptionKey(String before) {
        return encryption.current().flatMap(now -> now.equals(before) ? encryption.renew() : Mono.just(now));
    }

    /** Wraps some more keysets under the newest key-encryption key; how many. None: no keyset is under another. */
    public Mono<Integer> rewrap(int limit) {
        return encryption
                .current()
                .flatMap(address -> store.wrappedOtherwise(address, limit))
                .flatMapMany(Flux::fromIterable)
                // if somebody changed it at the same moment, the next call finds it again
                .concatMap(keyset -> encryption
                        .unwrap(keyset)
                        .flatMap(opened -> encryption.wrap(keyset.tenant(), keyset.kind(), keyset.version(), opened))
                        .flatMap(next -> store.replace(keyset, next)))
                .count()
                .map(Math::toIntExact);
    }

    private Mono<Void> change(TenantId tenant, Kind kind, Change change) {
        return stored(tenant, kind)
                .flatMap(keyset -> change(keyset, change))
                .retryWhen(Retry.max(ATTEMPTS)
                        .filter(Overtaken.class::isInstance)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .then(Mono.defer(() -> keys.refresh(tenant)))
                .then();
    }

    private Mono<Void> change(Wrapped present, Change change) {
        return encryption
                .unwrap(present)
                .flatMap(opened -> Mono.fromCallable(() -> change.of(opened)).subscribeOn(scheduler))
                .flatMap(changed -> encryption.wrap(present.tenant(), present.kind(), present.version() + 1, changed))
                .flatMap(next -> store.replace(present, next))
                .flatMap(replaced ->
                        replaced ? Mono.<Void>empty() : Mono.error(new Overtaken(present.tenant(), present.kind())));
    }

    private Mono<Wrapped> stored(TenantId tenant, Kind kind) {
        // a tenant that was never asked for has none yet
        return keys.of(tenant)
                .then(Mono.defer(() -> store.of(tenant)))
                .flatMapMany(Flux::fromIterable)
                .filter(keyset -> keyset.kind() == kind)
                .single();
    }

    private static int random() {
        byte[] octets = SecretBytes.randomBytes(Integer.BYTES).toByteArray(InsecureSecretKeyAccess.get());
        return ByteBuffer.wrap(octets).getInt();
    }

    private static int position(KeysetHandle keys, int id) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.getAt(i).getId() == id) {
                return i;
            }
        }
        return -1;
    }

    private static int required(KeysetHandle keys, int id) throws GeneralSecurityException {
        int position = position(keys, id);
        if (position < 0) {
            throw new GeneralSecurityException("No key " + Integer.toUnsignedString(id));
        }
        return position;
    }
}
