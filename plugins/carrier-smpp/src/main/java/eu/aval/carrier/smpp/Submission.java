// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.MessageWriter.Written;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One message under way: its parts, and from their ends its one outcome. Confined to the account's thread.
 *
 * <p>What to do when the peer takes some parts and refuses others: a part that may be repeated is sent again, it alone,
 * while there is time, because giving the message back would send the accepted parts twice. Otherwise the message is
 * uncertain, partially sent.
 */
final class Submission {

    private final SubmitRequest request;
    private final MonoSink<SubmitOutcome> sink;
    private final Submissions submissions;
    private final long startedAt;
    private List<Part> parts = List.of();
    private int inFlight;
    private boolean ended;
    private boolean queued;
    private boolean repeated;
    private long retryAt;

    Submission(SubmitRequest request, MonoSink<SubmitOutcome> sink, Submissions submissions, long now) {
        this.request = request;
        this.sink = sink;
        this.submissions = submissions;
        this.startedAt = now;
    }

    UUID messageId() {
        return request.messageId();
    }

    /** How many parts the message has; 0 before it is prepared. */
    int size() {
        return parts.size();
    }

    long startedAt() {
        return startedAt;
    }

    /** When what was refused may be sent again. */
    long retryAt() {
        return retryAt;
    }

    /** Whether some of it was accepted, and the rest is to be sent again. */
    boolean isRepeated() {
        return repeated;
    }

    /** Whether it waits in a queue of {@link Submissions}. */
    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean value) {
        queued = value;
    }

    /** Writes the parts unless that is done. False when the message cannot be written, which ends it. */
    boolean prepare(MessageWriter writer, boolean optionalParameters) {
        if (!parts.isEmpty()) {
            return true;
        }
        switch (writer.write(request, optionalParameters)) {
            case Written.Parts written -> {
                List<Part> prepared = new ArrayList<>(written.messages().size());
                for (ShortMessage message : written.messages()) {
                    prepared.add(new Part(this, message));
                }
                parts = prepared;
                return true;
            }
            case Written.Unfit unfit -> {
                end(SubmitOutcome.rejected(unfit.reason(), unfit.error()));
                return false;
            }
        }
    }

    int unsent() {
        int unsent = 0;
        for (Part part : parts) {
            if (part.state() == Part.State.WAITING) {
                unsent++;
            }
        }
        return unsent;
    }

    /** The next part to write; null when there is none, or when it would be in vain because another one failed. */
    @Nullable
    Part next() {
        if (ended) {
            return null;
        }
        Part next = null;
        for (Part part : parts) {
            switch (part.state()) {
                case WAITING -> next = next == null ? part : next;
                case SENT, ACCEPTED -> {}
                case THROTTLED, UNAVAILABLE, REJECTED, TIMED_OUT, LOST, UNREADABLE -> {
                    return null;
                }
            }
        }
        return next;
    }

    void partSent() {
        inFlight++;
    }

    void partEnded(boolean wasSent) {
        if (wasSent) {
            inFlight--;
        }
        if (inFlight == 0 && !ended && next() == null) {
            decide();
        }
    }

    /** The session that was to write the rest is gone, or time is up. */
    void giveUpRest(CarrierError error) {
        if (ended) {
            return;
        }
        for (Part part : parts) {
            if (part.state() == Part.State.WAITING) {
                part.giveUp(error);
            }
        }
        partEnded(false);
    }

    /** Ends a message of which nothing is in flight: it waited too long, or there is nobody to send it to. */
    void refuse(SubmitOutcome outcome, CarrierError error) {
        if (ended) {
            return;
        }
        List<String> ids = acceptedIds();
        end(ids.isEmpty() ? outcome : new Uncertain(Uncertain.Cause.PARTIALLY_SENT, error, ids));
    }

    /** The subscriber is gone. */
    void cancel() {
        if (!ended) {
            ended = true;
            parts.forEach(Part::abandon);
            submissions.ended(this);
        }
    }

    private void decide() {
        Part rejected = null;
        Part repeatable = null;
        Part throttled = null;
        for (Part part : parts) {
            switch (part.state()) {
                case TIMED_OUT -> {
                    end(uncertain(Uncertain.Cause.TIMEOUT, part));
                    return;
                }
                case LOST -> {
                    end(uncertain(Uncertain.Cause.CONNECTION_LOST, part));
                    return;
                }
                case UNREADABLE -> {
                    end(uncertain(Uncertain.Cause.UNREADABLE_ANSWER, part));
                    return;
                }
                case REJECTED -> rejected = rejected == null ? part : rejected;
                case THROTTLED -> throttled = throttled == null ? part : throttled;
                case UNAVAILABLE, WAITING -> repeatable = repeatable == null ? part : repeatable;
                case ACCEPTED, SENT -> {}
            }
        }
        if (rejected == null && throttled == null && repeatable == null) {
            end(SubmitOutcome.accepted(acceptedIds()));
        } else if (acceptedIds().isEmpty()) {
            end(nothingAccepted(rejected, throttled, repeatable));
        } else if (rejected != null || !repeat(throttled != null)) {
            Part worst = rejected != null ? rejected : throttled != null ? throttled : repeatable;
            end(uncertain(Uncertain.Cause.PARTIALLY_SENT, worst));
        }
    }

    private SubmitOutcome nothingAccepted(
            @Nullable Part rejected, @Nullable Part throttled, @Nullable Part repeatable) {
        if (rejected != null) {
            return SubmitOutcome.rejected(rejected.reason(), rejected.error());
        }
        if (throttled != null) {
            return SubmitOutcome.throttled(submissions.throttlePause(), throttled.error());
        }
        return SubmitOutcome.unavailable(repeatable == null ? CarrierError.of("NONE") : repeatable.error());
    }

    private boolean repeat(boolean throttled) {
        long now = System.nanoTime();
        Duration pause = throttled ? submissions.throttlePause() : Submissions.REPEAT_PAUSE;
        if (now + pause.toNanos() - startedAt > submissions.lastRepeat()) {
            return false;
        }
        for (Part part : parts) {
            if (part.state() != Part.State.ACCEPTED) {
                part.again();
            }
        }
        repeated = true;
        retryAt = now + pause.toNanos();
        submissions.repeat(this);
        return true;
    }

    private Uncertain uncertain(Uncertain.Cause cause, @Nullable Part part) {
        return new Uncertain(cause, part == null ? CarrierError.of("NONE") : part.error(), acceptedIds());
    }

    private List<String> acceptedIds() {
        List<String> ids = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part.state() == Part.State.ACCEPTED) {
                ids.add(part.id());
            }
        }
        return ids;
    }

    private void end(SubmitOutcome outcome) {
        ended = true;
        submissions.ended(this);
        sink.success(outcome);
    }
}
