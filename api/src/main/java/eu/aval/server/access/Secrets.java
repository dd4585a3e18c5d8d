// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Makes credentials and checks them against what is stored: a keyed hash whose key is the platform's own PRF keyset, so
 * that a copy of the database alone proves nothing. The secrets are 256 random bits, so a slow password hash would add
 * nothing but time.
 */
@Component
class Secrets {

    private static final String DOMAIN = "api-key";

    private final SecureRandom random = new SecureRandom();

    Mono<Credential> create(String kind) {
        // seeding may read a device
        return Mono.fromCallable(() -> Credential.random(kind, random)).subscribeOn(Schedulers.boundedElastic());
    }

    /** What to store. */
    ByteBuffer hash(TenantKeys platform, Credential credential) {
        return ByteBuffer.wrap(platform.index(DOMAIN, credential.bytes()));
    }

    /**
     * Whether {@code hash} was made of {@code credential}; in constant time for each enabled key.
     *
     * @param rehash stores the hash under the primary key, when it was made under an older one
     */
    Mono<Boolean> check(
            TenantKeys platform, Credential credential, ByteBuffer hash, Function<ByteBuffer, Mono<Void>> rehash) {
        return Mono.defer(() -> {
            List<byte[]> hashes = platform.indexes(DOMAIN, credential.bytes());
            int match = matching(hashes, bytes(hash));
            return match > 0 ? rehash.apply(ByteBuffer.wrap(hashes.get(0))).thenReturn(true) : Mono.just(match == 0);
        });
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static int matching(List<byte[]> hashes, byte[] hash) {
        int match = -1;
        for (int i = hashes.size() - 1; i >= 0; i--) {
            if (MessageDigest.isEqual(hashes.get(i), hash)) {
                match = i;
            }
        }
        return match;
    }
}
