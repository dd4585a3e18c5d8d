// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.audit.Actor;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The ledger of what people agreed to. It only grows; the newest record of a person and purpose counts. */
public interface Consents {

    /**
     * What a person did.
     *
     * @param purpose its key
     * @param givenAt when the person acted
     * @param source where: a code, nothing personal
     * @param wordingVersion which text the person saw
     * @param evidence JSON; sealed
     * @param expiresAt null is never
     * @param age what was said with it about the recipient's age; null is nothing
     */
    record Act(
            PhoneNumber number,
            String purpose,
            Consent.Status status,
            GivenBy givenBy,
            Instant givenAt,
            String source,
            @Nullable String wordingVersion,
            @Nullable String locale,
            @Nullable String evidence,
            @Nullable Instant expiresAt,
            @Nullable DeclaredAge age) {

        /** The recipient's own, of whose age nothing was said. */
        public Act(
                PhoneNumber number,
                String purpose,
                Consent.Status status,
                Instant givenAt,
                String source,
                @Nullable String wordingVersion,
                @Nullable String locale,
                @Nullable String evidence,
                @Nullable Instant expiresAt) {
            this(
                    number,
                    purpose,
                    status,
                    GivenBy.RECIPIENT,
                    givenAt,
                    source,
                    wordingVersion,
                    locale,
                    evidence,
                    expiresAt,
                    null);
        }

        /** Shows nothing of the evidence. */
        @Override
        public String toString() {
            return "Act[" + status + " " + purpose + "]";
        }
    }

    /**
     * What was said about the recipient's age.
     *
     * @param until the first day that is no longer in the band; null is unknown, which a child's may not be
     */
    record DeclaredAge(AgeBand band, @Nullable LocalDate until) {}

    /**
     * A record of the ledger, without the evidence.
     *
     * @param purpose its key
     * @param joinedWith the record of the other of the two who consent together, as it was known then
     * @param proven whether there is evidence
     * @param newest no later record of the same person says something else about this purpose
     * @param age of the recipient
     */
    record Recorded(
            UUID id,
            String purpose,
            Consent.Status status,
            GivenBy givenBy,
            @Nullable UUID joinedWith,
            Instant givenAt,
            Instant recordedAt,
            String source,
            @Nullable String wordingVersion,
            @Nullable String locale,
            boolean proven,
            @Nullable Instant expiresAt,
            boolean newest,
            Age age) {

        /**
         * Whether it counts: of a child the other of the two has to count as well, and neither does once the child is older.
         */
        public boolean isInForce(Instant now) {
            return newest
                    && new Consent(id, status, givenAt, expiresAt).isInForce(now)
                    && !age.hasOutgrown(
                            LocalDate.ofInstant(givenAt, ZoneOffset.UTC), LocalDate.ofInstant(now, ZoneOffset.UTC));
        }
    }

    /**
     * Which records; null is any.
     *
     * @param purpose its key
     */
    record Filter(
            @Nullable String purpose,
            Consent.@Nullable Status status,
            @Nullable Instant recordedFrom,
            @Nullable Instant recordedBefore) {}

    /** What is in the ledger now. */
    record Entry(UUID id, Consent.Status status, Instant givenAt, Instant recordedAt) {}

    /**
     * Appends it, unless the newest record says the same: then that one is the answer.
     *
     * @return an error {@link eu.aval.server.shared.Problem}: PURPOSE_UNKNOWN; CONFLICT for a consent that is older than
     *     the withdrawal of the same person; INVALID_REQUEST for a guardian's consent to somebody who is no child, or if
     *     somebody is made older without evidence
     */
    Mono<Entry> record(TenantId tenant, Act act, Actor actor);

    /**
     * What a person has agreed to and withdrawn, newest first, and the entry in the trail that somebody looked. One more than
     * the page holds, if there is more.
     */
    Mono<List<Recorded>> lookUp(LookUp lookUp, Filter filter, PageRequest page);

    /** The evidence of one record in clear, and the entry in the journal; an error Problem NOT_FOUND or QUOTA_EXCEEDED. */
    Mono<UnmaskResult> unmask(Unmask unmask);
}
