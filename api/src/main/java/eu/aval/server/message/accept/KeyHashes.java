// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is stored of idempotency keys: a PRF value, for an item of a batch followed by its place in four octets. So the
 * items of a batch cost one computation and lie beside each other in the index. Not safe for threads.
 */
final class KeyHashes {

    private static final String DOMAIN = "idempotency-key";

    private final TenantKeys keys;
    private final Map<String, List<byte[]>> requests = new HashMap<>();

    KeyHashes(TenantKeys keys) {
        this.keys = keys;
    }

    /** Under each enabled key of the tenant, the primary first: that one is written, all are looked up. */
    List<byte[]> of(IdempotencyKey key) {
        List<byte[]> request =
                requests.computeIfAbsent(key.value(), value -> keys.indexes(DOMAIN, value.getBytes(UTF_8)));
        Integer item = key.item();
        return item == null
                ? request
                : request.stream().map(hash -> followed(hash, item)).toList();
    }

    private static byte[] followed(byte[] hash, int item) {
        return ByteBuffer.allocate(hash.length + Integer.BYTES)
                .put(hash)
                .putInt(item)
                .array();
    }
}
