// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysUnusable;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Opens what was sealed, just before it leaves. Plaintext stays in memory until the carrier has it, and nowhere else. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final Keys keys;

    Opening(Keys keys) {
        this.keys = keys;
    }

    /** The keys of these tenants, without those that do not open; from memory in nearly all cases. */
    Mono<Map<TenantId, TenantKeys>> keysOf(Collection<TenantId> tenants) {
        return keysOf(tenants, keys::of);
    }

    /** The same, read again: after something did not open. */
    Mono<Map<TenantId, TenantKeys>> newestKeysOf(Collection<TenantId> tenants) {
        return keysOf(tenants, keys::refresh);
    }

    private static Mono<Map<TenantId, TenantKeys>> keysOf(
            Collection<TenantId> tenants, Function<TenantId, Mono<TenantKeys>> source) {
        return Flux.fromIterable(tenants)
                .distinct()
                .concatMap(tenant -> source.apply(tenant).onErrorResume(KeysUnusable.class, broken -> {
                    LOG.warn("Nothing is sent for a tenant: {}", broken.getMessage());
                    return Mono.empty();
                }))
                .collect(HashMap::new, (all, one) -> all.put(one.tenant(), one));
    }

    /**
     * As the carrier will see it.
     *
     * @throws eu.aval.server.encryption.SealBroken if something was changed or moved, or its key is gone
     */
    SubmitRequest open(ClaimedMessage message, TenantKeys tenantKeys, Instant now) {
        UUID id = message.attempt().messageId();
        SubjectKey key = tenantKeys.subjectKey(message.subjectId(), octets(message.wrappedKey()));
        String text =
                open(key, message.textSealed(), new AssociatedData(tenantKeys.tenant(), "message", "text_sealed", id));
        Duration left = Duration.between(now, message.expiresAt());
        return SubmitRequest.builder(
                        id,
                        Address.e164(number(key, message.subjectId(), message.numberSealed(), tenantKeys.tenant())),
                        sender(message.sender()),
                        Text.of(text))
                .attempt(message.attempt().number())
                .encoding(message.encoding())
                .messageClass(message.messageClass())
                .validity(left.isNegative() ? Duration.ZERO : left)
                .build();
    }

    /** The number a waiting message goes to. */
    String number(WaitingMessage message, TenantKeys tenantKeys) {
        SubjectKey key = tenantKeys.subjectKey(message.subjectId(), octets(message.wrappedKey()));
        return number(key, message.subjectId(), message.numberSealed(), tenantKeys.tenant());
    }

    private static String number(SubjectKey key, UUID subjectId, ByteBuffer sealed, TenantId tenant) {
        return open(key, sealed, new AssociatedData(tenant, "subject", "number_sealed", subjectId));
    }

    private static String open(SubjectKey key, ByteBuffer sealed, AssociatedData place) {
        return new String(key.open(octets(sealed), place), StandardCharsets.UTF_8);
    }

    private static Address sender(String value) {
        if (value.startsWith("+")) {
            return Address.of(Address.Kind.INTERNATIONAL, value);
        }
        boolean digits = value.chars().allMatch(c -> c >= '0' && c <= '9');
        return Address.of(digits ? Address.Kind.SHORT_CODE : Address.Kind.ALPHANUMERIC, value);
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.duplicate().get(octets);
        return octets;
    }
}
