// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.audit.Actor;
import eu.aval.server.contact.Subject;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** The suppression list: who has objected to what. It outlives the erasure of the person. */
public interface Suppressions {

    /** What an objection reaches where the person does not say. */
    Set<MessageClass> DEFAULT_CLASSES = Set.of(MessageClass.MARKETING, MessageClass.SURVEY);

    /**
     * An objection.
     *
     * @param sender null is every sender
     * @param classes empty is every class
     * @param source where it came from: a code, nothing personal
     */
    record Objection(PhoneNumber number, @Nullable String sender, Set<MessageClass> classes, String source) {

        public Objection {
            classes = Set.copyOf(classes);
        }
    }

    /**
     * One row of the list.
     *
     * @param messageClass null is every class
     */
    record Entry(UUID id, @Nullable String sender, @Nullable MessageClass messageClass, Instant createdAt) {}

    /**
     * An opt-out, in force or not any more.
     *
     * @param sender null is every sender
     * @param messageClass null is every class
     * @param liftedAt null while it is in force
     */
    record Listed(
            UUID id,
            @Nullable String sender,
            @Nullable MessageClass messageClass,
            String source,
            Instant createdAt,
            @Nullable Instant liftedAt) {}

    /**
     * What proves an objection, or that it was taken back: a message of the person.
     *
     * @param to the number or name of the tenant that was written to
     */
    record Written(UUID inboundMessageId, String to) {}

    /** Puts it on the list, where it is not yet. Takes effect for messages that are queued already. */
    Mono<List<Entry>> add(TenantId tenant, Objection objection, Actor actor);

    /**
     * The same in the transaction of {@code client}. Two of one person run one after the other.
     *
     * @param subject whose number is that of the objection
     * @param written null if nobody wrote
     * @return how many entries are new
     */
    Mono<Integer> add(
            DatabaseClient client,
            TenantKeys keys,
            Subject subject,
            Objection objection,
            @Nullable Written written,
            Actor actor);

    /**
     * Takes back what a person objected to by writing to this number. Nothing else can be taken back so, and nobody but the
     * person can.
     *
     * @return how many entries are lifted
     */
    Mono<Integer> lift(DatabaseClient client, TenantKeys keys, Subject subject, Written written, Actor actor);

    /**
     * What a person has objected to, newest first, and the entry in the journal that somebody looked. One more than the
     * page holds, if there is more.
     *
     * @param inForce only those that are, or are not; null is both
     */
    Mono<List<Listed>> lookUp(LookUp lookUp, @Nullable Boolean inForce, PageRequest page);
}
