// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.audit.Actor;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
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
     */
    record Act(
            PhoneNumber number,
            String purpose,
            Consent.Status status,
            Instant givenAt,
            String source,
            @Nullable String wordingVersion,
            @Nullable String locale,
            @Nullable String evidence,
            @Nullable Instant expiresAt) {

        /** Shows nothing of the evidence. */
        @Override
        public String toString() {
            return "Act[" + status + " " + purpose + "]";
        }
    }

    /**
     * A record of the ledger, without the evidence.
     *
     * @param purpose its key
     * @param proven whether there is evidence
     * @param newest no later record of the person says something else about this purpose
     */
    record Recorded(
            UUID id,
            String purpose,
            Consent.Status status,
            Instant givenAt,
            Instant recordedAt,
            String source,
            @Nullable String wordingVersion,
            @Nullable String locale,
            boolean proven,
            @Nullable Instant expiresAt,
            boolean newest) {

        /** Whether messages that need a consent may rely on it. */
        public boolean isInForce(Instant now) {
            return newest && new Consent(id, status, expiresAt).isInForce(now);
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
     * @return an error {@link eu.aval.server.shared.Problem}: PURPOSE_UNKNOWN, or CONFLICT for a consent that is older
     *     than the person's withdrawal
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
