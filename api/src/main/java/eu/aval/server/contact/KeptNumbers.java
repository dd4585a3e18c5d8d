// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.IndexColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Numbers of which only a blind index is kept. One comes under the primary key through a person who has the number; where
 * nobody is known by it, it stays under the key that it was made with.
 */
public abstract class KeptNumbers extends IndexColumn {

    /** The blind index of somebody's number under an earlier key, and under the primary one. */
    public record KeptNumber(UUID subjectId, ByteBuffer earlier, ByteBuffer next) {}

    private final Subjects subjects;

    /** The others: see {@link IndexColumn}. */
    protected KeptNumbers(Subjects subjects, String name, String table, String column) {
        super(name, table, column);
        this.subjects = subjects;
    }

    /** People are paged through only if any number is under an earlier key. */
    @Override
    public final Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        if (position != null) {
            return carryPage(client, keys, position, limit);
        }
        return dropUnused(client, keys)
                .then(Mono.defer(() -> remaining(client, keys)))
                .flatMap(left -> left == 0 ? Mono.just(Batch.NOTHING) : carryPage(client, keys, null, limit));
    }

    private Mono<Batch> carryPage(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return subjects.page(client, keys, position, limit).flatMap(page -> {
            List<KeptNumber> numbers = numbers(keys, page.subjects());
            return (numbers.isEmpty() ? Mono.just(0L) : write(client, keys, numbers))
                    .map(carried -> new Batch(page.next(), carried));
        });
    }

    /** One for each of the people and each earlier key. */
    private static List<KeptNumber> numbers(TenantKeys keys, List<Subject> subjects) {
        List<KeptNumber> numbers = new ArrayList<>(subjects.size());
        for (Subject subject : subjects) {
            List<byte[]> indexes = keys.indexes(subject.number());
            ByteBuffer next = ByteBuffer.wrap(indexes.getFirst());
            for (byte[] earlier : indexes.subList(1, indexes.size())) {
                numbers.add(new KeptNumber(subject.id(), ByteBuffer.wrap(earlier), next));
            }
        }
        return numbers;
    }

    /** Before a pass: deletes rows that nobody needs any more, so that they do not keep an earlier key. */
    protected Mono<Void> dropUnused(DatabaseClient client, TenantKeys keys) {
        return Mono.empty();
    }

    /** Puts {@code next} in the place of {@code earlier}, wherever a row has it; how many rows were changed. */
    protected abstract Mono<Long> write(DatabaseClient client, TenantKeys keys, List<KeptNumber> numbers);
}
