// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ReceiptRows.KnownMessage;
import eu.aval.server.delivery.store.ReceiptRows.Sought;
import eu.aval.server.delivery.store.ReceiptTable;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysUnusable;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.StaleKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Applies receipts to the messages they speak of: what is known is read, what follows is decided, and written. */
final class AppliedReceipts {

    private static final Logger LOG = LoggerFactory.getLogger(AppliedReceipts.class);

    private final ReceiptTable table;
    private final Keys keys;
    private final ReceiptMetrics metrics;

    AppliedReceipts(ReceiptTable table, Keys keys, ReceiptMetrics metrics) {
        this.table = table;
        this.keys = keys;
        this.metrics = metrics;
    }

    /**
     * In the transaction of {@code client}.
     *
     * @return those whose message is not known; or an error {@link StaleKeys}, or one of {@link ReceiptTable#isConflict}
     */
    Mono<List<Received>> apply(DatabaseClient client, List<Received> group) {
        List<Sought> sought = IntStream.range(0, group.size())
                .mapToObj(i -> new Sought(
                        i,
                        group.get(i).accountId(),
                        group.get(i).delivery().carrierMessageIds(),
                        group.get(i).delivery().messageId()))
                .toList();
        return table.read(client, sought).flatMap(messages -> {
            Set<Integer> known = new HashSet<>();
            messages.forEach(message -> known.addAll(message.receipts()));
            List<Received> unknown = IntStream.range(0, group.size())
                    .filter(i -> !known.contains(i))
                    .mapToObj(group::get)
                    .toList();
            return messages.isEmpty()
                    ? Mono.just(unknown)
                    : keysOf(messages)
                            .doOnNext(own -> requireCurrent(messages, own))
                            .flatMap(own -> write(client, messages, group, own))
                            .thenReturn(unknown);
        });
    }

    /** A subject's key that was read just now may be wrapped under a key that is newer than those at hand. */
    private static void requireCurrent(List<KnownMessage> messages, Map<TenantId, TenantKeys> own) {
        Set<TenantId> stale = new HashSet<>();
        for (KnownMessage message : messages) {
            TenantId tenant = new TenantId(message.tenant());
            TenantKeys keys = own.get(tenant);
            if (keys != null && keys.aeadVersion() != message.keysetVersion()) {
                stale.add(tenant);
            }
        }
        if (!stale.isEmpty()) {
            throw new StaleKeys(stale);
        }
    }

    private Mono<Void> write(
            DatabaseClient client, List<KnownMessage> messages, List<Received> group, Map<TenantId, TenantKeys> own) {
        ReceiptBatch batch = new ReceiptBatch();
        for (KnownMessage message : messages) {
            batch.add(
                    message,
                    message.receipts().stream().map(group::get).toList(),
                    own.get(new TenantId(message.tenant())));
        }
        return table.write(client, batch.parts, batch.newParts, batch.messages, batch.receipts)
                .doOnSuccess(done -> metrics.applied(batch));
    }

    /**
     * Without those that do not open: messages of their tenants move all the same, and nobody else's wait for somebody to
     * mend them.
     */
    private Mono<Map<TenantId, TenantKeys>> keysOf(List<KnownMessage> messages) {
        Map<TenantId, Integer> versions = new HashMap<>();
        messages.forEach(message -> versions.merge(new TenantId(message.tenant()), message.keysetVersion(), Math::max));
        return Flux.fromIterable(versions.entrySet())
                .concatMap(tenant -> keys.of(tenant.getKey())
                        .flatMap(own ->
                                own.aeadVersion() == tenant.getValue() ? Mono.just(own) : keys.refresh(tenant.getKey()))
                        .onErrorResume(KeysUnusable.class, broken -> {
                            LOG.warn("Receipts are applied and not kept as they came: {}", broken.getMessage());
                            return Mono.empty();
                        }))
                .collect(HashMap::new, (all, one) -> all.put(one.tenant(), one));
    }
}
