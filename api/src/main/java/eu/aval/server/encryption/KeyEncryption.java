// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.prf.PrfConfig2026;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.KeysetStore.Wrapped;
import eu.aval.server.shared.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Wraps keysets under a key-encryption key, wherever that is. A client may ask a distant service: what it does runs on a
 * scheduler that may wait.
 */
final class KeyEncryption {

    /** A client that has a newest key of its own, and can make another. */
    interface Source {

        String current() throws GeneralSecurityException;

        /** Makes a key the newest; the earlier ones stay usable. */
        String renew() throws GeneralSecurityException;
    }

    private final List<KmsClient> clients;
    private final String configured;
    private final Scheduler scheduler;

    /**
     * @param configured an address, or the bare scheme of a {@link Source}
     */
    KeyEncryption(List<KmsClient> clients, String configured, Scheduler scheduler) {
        this.clients = List.copyOf(clients);
        this.configured = configured;
        this.scheduler = scheduler;
    }

    /** The address that wraps keysets from now on. */
    Mono<String> current() {
        return Mono.fromCallable(this::currentAddress).subscribeOn(scheduler);
    }

    /** Makes a new key where the client can; elsewhere the configured address is the new one already. */
    Mono<String> renew() {
        return Mono.fromCallable(() -> client(configured) instanceof Source source ? source.renew() : configured)
                .subscribeOn(scheduler);
    }

    Mono<Wrapped> wrap(TenantId tenant, Kind kind, int version, KeysetHandle keys) {
        return Mono.fromCallable(() -> {
                    String address = currentAddress();
                    byte[] bytes = TinkProtoKeysetFormat.serializeEncryptedKeyset(
                            keys, client(address).getAead(address), place(tenant, kind), configuration(kind));
                    return new Wrapped(tenant, kind, version, ByteBuffer.wrap(bytes), address);
                })
                .subscribeOn(scheduler);
    }

    Mono<KeysetHandle> unwrap(Wrapped keyset) {
        return Mono.fromCallable(() -> {
                    try {
                        return TinkProtoKeysetFormat.parseEncryptedKeyset(
                                octets(keyset.bytes()),
                                client(keyset.kek()).getAead(keyset.kek()),
                                place(keyset.tenant(), keyset.kind()),
                                configuration(keyset.kind()));
                    } catch (GeneralSecurityException e) {
                        throw new KeysUnusable(
                                "The " + keyset.kind() + " keyset of tenant " + keyset.tenant()
                                        + " does not open under " + keyset.kek()
                                        + ": is this the key file, or key service, it was made with?",
                                e);
                    }
                })
                .subscribeOn(scheduler);
    }

    private String currentAddress() throws GeneralSecurityException {
        return client(configured) instanceof Source source ? source.current() : configured;
    }

    private KmsClient client(String address) throws GeneralSecurityException {
        for (KmsClient client : clients) {
            if (client.doesSupport(address)) {
                return client;
            }
        }
        throw new GeneralSecurityException("No key service for the address " + address);
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.duplicate().get(octets);
        return octets;
    }

    static Configuration configuration(Kind kind) {
        return switch (kind) {
            case AEAD -> AeadConfig2026.get();
            case PRF -> PrfConfig2026.get();
        };
    }

    private static byte[] place(TenantId tenant, Kind kind) {
        return (tenant + "|keyset|wrapped|" + kind).getBytes(StandardCharsets.UTF_8);
    }
}
