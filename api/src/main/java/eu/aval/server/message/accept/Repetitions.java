// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.access.Application;
import eu.aval.server.access.Failures;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.accept.Prepared.Idempotency;
import eu.aval.server.message.accept.Reception.Receipt;
import eu.aval.server.message.store.AcceptStore;
import eu.aval.server.message.store.Findings;
import eu.aval.server.message.store.Findings.Used;
import eu.aval.server.message.store.Question;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import eu.aval.spi.text.Transliteration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What would be refused now and was accepted before, under the same idempotency key: the tenant's terms have changed in
 * between, a purpose was retired, a route went. Who repeats a request has to learn that its message is on its way, or
 * sends it once more under another key.
 */
@Component
final class Repetitions {

    /** A request that was refused unseen by the journal. */
    record Candidate(int place, SendRequest request, IdempotencyKey key, String operation) {

        /** Null where there is nothing to find: no key, or a request that nobody can have accepted. */
        static @Nullable Candidate of(int place, SendRequest request, @Nullable IdempotencyKey key, String operation) {
            return key == null || !request.defects().isEmpty() ? null : new Candidate(place, request, key, operation);
        }
    }

    private final KeyedDatabase database;
    private final AcceptStore store;

    Repetitions(KeyedDatabase database, AcceptStore store) {
        this.database = database;
        this.store = store;
    }

    /** By the place of each; without those that nobody accepted. */
    Mono<Map<Integer, Receipt>> among(Application application, List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            return Mono.just(Map.of());
        }
        return database.in(application.tenant(), (client, keys) -> {
                    Question question = new Question();
                    KeyHashes hashes = new KeyHashes(keys);
                    for (Candidate each : candidates) {
                        question.key(each.place(), application.keyId(), each.operation(), hashes.of(each.key()));
                    }
                    return store.facts(client, keys.tenant(), question)
                            .map(findings -> receipts(keys, candidates, findings));
                })
                .onErrorMap(Failures::planned);
    }

    private static Map<Integer, Receipt> receipts(TenantKeys keys, List<Candidate> candidates, Findings findings) {
        Map<Integer, Receipt> receipts = new HashMap<>();
        for (Candidate each : candidates) {
            Used used = findings.used(each.place());
            Idempotency idempotency = new Idempotency(each.key(), each.operation(), CanonicalBody.of(each.request()));
            if (used != null && AcceptedBatch.isSame(keys, idempotency, used)) {
                receipts.put(each.place(), receipt(each.request(), used));
            }
        }
        return receipts;
    }

    private static Receipt receipt(SendRequest request, Used used) {
        String text = String.valueOf(request.text());
        Segmentation segmentation = Segmentation.of(
                "fr".equals(request.transliterate()) ? Transliteration.french(text) : text,
                SegmentationOptions.of(EncodingChoice.AUTO));
        return new Receipt(AcceptedBatch.again(used, segmentation, null), segmentation.offendingCharacters(), null);
    }
}
