// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * One {@code submit_sm} of a message and what became of it. It listens to its own write: as long as that has not
 * succeeded, the peer cannot have the whole PDU, so the part is certainly not sent.
 */
final class Part implements ChannelFutureListener {

    enum State {
        /** Not written yet, or to be written again. */
        WAITING,
        /** Written, or being written; not answered. */
        SENT,
        ACCEPTED,
        THROTTLED,
        /** Refused now, or never written: may be repeated. */
        UNAVAILABLE,
        REJECTED,
        TIMED_OUT,
        LOST,
        UNREADABLE;

        /** Whether nobody knows if the peer has it. */
        boolean isUncertain() {
            return this == TIMED_OUT || this == LOST || this == UNREADABLE;
        }
    }

    private final Submission submission;
    private final ShortMessage message;
    private State state = State.WAITING;
    private String id = "";
    private FailureClass reason = FailureClass.UNKNOWN;
    private CarrierError error = CarrierError.of("NONE");
    private @Nullable Session session;
    private int sequence;
    private long sentAt;

    Part(Submission submission, ShortMessage message) {
        this.submission = submission;
        this.message = message;
    }

    Submission submission() {
        return submission;
    }

    ShortMessage message() {
        return message;
    }

    State state() {
        return state;
    }

    /** The peer's id, normalised; only when accepted. */
    String id() {
        return id;
    }

    FailureClass reason() {
        return reason;
    }

    CarrierError error() {
        return error;
    }

    int sequence() {
        return sequence;
    }

    long sentAt() {
        return sentAt;
    }

    void sent(Session by, int withSequence, long now) {
        session = by;
        sequence = withSequence;
        sentAt = now;
        state = State.SENT;
    }

    void accepted(String messageId) {
        id = messageId;
        end(State.ACCEPTED);
    }

    void rejected(FailureClass why, CarrierError words) {
        reason = why;
        error = words;
        end(State.REJECTED);
    }

    /** Any end but {@link State#ACCEPTED} and {@link State#REJECTED}. */
    void failed(State how, CarrierError words) {
        error = words;
        end(how);
    }

    /** It will not be written; the submission decides when it has said so to all that are left. */
    void giveUp(CarrierError words) {
        error = words;
        state = State.UNAVAILABLE;
    }

    void again() {
        state = State.WAITING;
    }

    /** Nobody waits any more: gives back its place in the window. */
    void abandon() {
        if (state == State.SENT && session != null) {
            session.abandon(sequence);
        }
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        if (!written.isSuccess() && state == State.SENT && session != null) {
            session.unwritten(sequence);
            failed(State.UNAVAILABLE, CarrierError.of("NOT_WRITTEN", "the connection broke before the request left"));
        }
    }

    private void end(State how) {
        boolean wasSent = state == State.SENT;
        state = how;
        submission.partEnded(wasSent);
    }
}
