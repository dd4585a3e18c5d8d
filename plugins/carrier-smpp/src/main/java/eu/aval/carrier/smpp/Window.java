// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The submits of a session that wait for their answer, by sequence number, and for a while those nobody waits for any
 * more: an answer that comes late is told, not lost.
 */
final class Window {

    /** From this on, of 100, the peer counts as congested. */
    private static final int CONGESTED = 90;

    private static final int REMEMBERED_LATE = 1_000;

    private final Account account;
    private final int size;
    private final IntObjectMap<Part> open = new IntObjectHashMap<>();
    private final Map<Integer, Submission> late = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Submission> eldest) {
            return size() > REMEMBERED_LATE;
        }
    };
    private int timeoutsInRow;

    Window(Account account, int size) {
        this.account = account;
        this.size = size;
    }

    int size() {
        return size;
    }

    int inFlight() {
        return open.size();
    }

    int room() {
        return size - open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether the peer has not answered a whole window of submits, though it may answer other things. */
    boolean isIgnored() {
        return timeoutsInRow >= Math.max(size, 3);
    }

    void add(int number, Part part) {
        open.put(number, part);
    }

    void remove(int number) {
        open.remove(number);
    }

    /** Gives back the place of a part nobody waits for. */
    void abandon(int number) {
        Part part = open.remove(number);
        if (part != null) {
            late.put(number, part.submission());
        }
    }

    /** Takes the answer to a submit. Not null when the peer says that the session is of no use: then why. */
    @Nullable
    String answered(Pdu pdu) {
        Part part = open.remove(pdu.sequence());
        if (part == null) {
            Submission submission = late.remove(pdu.sequence());
            if (submission != null) {
                timeoutsInRow = 0;
                account.deliveries().answeredLate(submission, pdu);
            }
            return null;
        }
        timeoutsInRow = 0;
        Answer answer = pdu.answer();
        if (answer != null && answer.tlvs().findNumber(Tag.CONGESTION_STATE, 0) >= CONGESTED) {
            account.throttled();
        }
        SmppOutcomes.Meaning meaning = account.outcomes().of(pdu.status());
        switch (meaning.kind()) {
            case ACCEPTED -> {
                if (answer == null || answer.id().isEmpty() || answer.id().length() > MessageIds.LONGEST) {
                    part.failed(Part.State.UNREADABLE, CarrierError.of("NO_MESSAGE_ID", "accepted without an id"));
                } else {
                    part.accepted(account.messageIds().submitted(answer.id()));
                }
            }
            case THROTTLED -> {
                account.throttled();
                part.failed(Part.State.THROTTLED, account.outcomes().error(pdu.status()));
            }
            case UNAVAILABLE, REBIND ->
                part.failed(Part.State.UNAVAILABLE, account.outcomes().error(pdu.status()));
            case REJECTED -> part.rejected(meaning.reason(), account.outcomes().error(pdu.status()));
        }
        return useless(pdu, meaning);
    }

    /**
     * Takes a {@code generic_nack}: whatever it says, the peer did not take the submit. Some say so that they are too busy.
     * Not null as of {@link #answered}.
     */
    @Nullable
    String nacked(Pdu pdu) {
        Part part = open.remove(pdu.sequence());
        if (part == null) {
            return null;
        }
        timeoutsInRow = 0;
        account.count("nacked");
        SmppOutcomes.Meaning meaning = account.outcomes().of(pdu.status());
        CarrierError error = account.outcomes().error(pdu.status());
        switch (meaning.kind()) {
            case THROTTLED -> {
                account.throttled();
                part.failed(Part.State.THROTTLED, error);
            }
            case UNAVAILABLE, REBIND -> part.failed(Part.State.UNAVAILABLE, error);
            case ACCEPTED, REJECTED -> part.rejected(FailureClass.CONTENT_INVALID, error);
        }
        return useless(pdu, meaning);
    }

    private static @Nullable String useless(Pdu pdu, SmppOutcomes.Meaning meaning) {
        return meaning.kind() == SmppOutcomes.Kind.REBIND
                ? "refused with " + SmppOutcomes.code(pdu.status()) + " " + meaning.name()
                : null;
    }

    /** Ends what has waited too long. */
    void endUnanswered(long now, SmppConfiguration.Timers timers) {
        List<Part> unanswered = new ArrayList<>();
        for (Part part : open.values()) {
            if (now - part.sentAt() > timers.response().toNanos()
                    || now - part.submission().startedAt() > timers.submit().toNanos()) {
                unanswered.add(part);
            }
        }
        for (Part part : unanswered) {
            open.remove(part.sequence());
            late.put(part.sequence(), part.submission());
            timeoutsInRow++;
            account.count("timeouts");
            part.failed(Part.State.TIMED_OUT, CarrierError.of("NO_RESPONSE", "submit_sm was not answered in time"));
        }
    }

    /** Ends everything: the connection is gone. */
    void lose() {
        List<Part> lost = new ArrayList<>(open.values());
        open.clear();
        for (Part part : lost) {
            part.failed(Part.State.LOST, CarrierError.of("CONNECTION_LOST", "the session ended before the answer"));
        }
    }
}
