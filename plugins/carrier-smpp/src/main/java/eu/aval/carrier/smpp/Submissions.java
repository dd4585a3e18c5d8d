// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.MonoSink;

/**
 * The messages of an account: those that wait for room in a window, first come first served, and those under way.
 * Confined to the account's thread.
 *
 * <p>A message starts when the roomiest session has room for all its parts (for a window full of them, if it has more),
 * so that its parts stay together and a long one is not overtaken for ever by short ones.
 */
final class Submissions {

    /** Before a part that was refused for a passing reason is sent again. */
    static final Duration REPEAT_PAUSE = Duration.ofMillis(250);

    private static final CarrierError WINDOW_FULL =
            CarrierError.of("WINDOW_FULL", "the carrier does not answer as fast as messages come");
    private static final CarrierError NOT_BOUND = CarrierError.of("NOT_BOUND", "no session is bound");
    private static final CarrierError CLOSED = CarrierError.of("CLOSED", "the account is being closed");

    private final MessageWriter writer;
    private final Links links;
    private final Pace pace;
    private final SmppConfiguration.Timers timers;
    private final int queueSize;
    private final Deque<Submission> waiting = new ArrayDeque<>();
    private final List<Submission> repeats = new ArrayList<>();
    private int open;
    private boolean closed;

    Submissions(MessageWriter writer, Links links, Pace pace, SmppConfiguration configuration) {
        this.writer = writer;
        this.links = links;
        this.pace = pace;
        this.timers = configuration.timers();
        this.queueSize = configuration.queueSize();
    }

    Submission offer(SubmitRequest request, MonoSink<SubmitOutcome> sink) {
        long now = System.nanoTime();
        Submission submission = new Submission(request, sink, this, now);
        open++;
        if (closed) {
            submission.refuse(SubmitOutcome.unavailable(CLOSED), CLOSED);
        } else if (!links.mayBind()) {
            submission.refuse(SubmitOutcome.unavailable(NOT_BOUND), NOT_BOUND);
        } else if (waiting.size() >= queueSize) {
            submission.refuse(SubmitOutcome.throttled(timers.throttlePause(), WINDOW_FULL), WINDOW_FULL);
        } else {
            submission.setQueued(true);
            waiting.addLast(submission);
            send();
        }
        return submission;
    }

    /** Starts what waits, as far as there is room. */
    void send() {
        if (waiting.isEmpty() || pace.isPaused(System.nanoTime())) {
            return;
        }
        while (true) {
            Submission first = waiting.peekFirst();
            if (first == null) {
                return;
            }
            Session session = links.roomiest();
            if (session == null) {
                if (!links.mayBind()) {
                    refuseNew();
                }
                return;
            }
            if (!first.prepare(writer, session.takesOptionalParameters())) {
                continue;
            }
            if (session.room() < Math.min(first.unsent(), session.window())) {
                return;
            }
            waiting.pollFirst();
            first.setQueued(false);
            session.send(first);
        }
    }

    /** Called a few times a second. */
    void tick(long now) {
        for (Submission repeat : List.copyOf(repeats)) {
            if (now - repeat.retryAt() >= 0) {
                repeats.remove(repeat);
                waiting.addFirst(repeat);
            }
        }
        for (Submission late : List.copyOf(waiting)) {
            long age = now - late.startedAt();
            if (age > (late.isRepeated() ? lastRepeat() : timers.queue().toNanos())) {
                late.refuse(SubmitOutcome.throttled(timers.throttlePause(), WINDOW_FULL), WINDOW_FULL);
            }
        }
        send();
    }

    /** Takes nothing new; what waits has not left. */
    void close() {
        closed = true;
        List<Submission> all = new ArrayList<>(waiting);
        all.addAll(repeats);
        for (Submission submission : all) {
            submission.refuse(SubmitOutcome.unavailable(CLOSED), CLOSED);
        }
    }

    void repeat(Submission submission) {
        if (closed) {
            submission.refuse(SubmitOutcome.unavailable(CLOSED), CLOSED);
        } else {
            submission.setQueued(true);
            repeats.add(submission);
        }
    }

    void ended(Submission submission) {
        open--;
        if (submission.isQueued()) {
            submission.setQueued(false);
            waiting.remove(submission);
            repeats.remove(submission);
        }
    }

    /** After this age nothing is sent again, so that an answer can still come in time. */
    long lastRepeat() {
        return timers.submit().minus(timers.response()).toNanos();
    }

    Duration throttlePause() {
        return timers.throttlePause();
    }

    int waiting() {
        return waiting.size() + repeats.size();
    }

    /** Messages without an outcome. */
    int open() {
        return open;
    }

    /** What was accepted in part waits on: a session may come back in time. */
    private void refuseNew() {
        for (Submission submission : List.copyOf(waiting)) {
            if (!submission.isRepeated()) {
                submission.refuse(SubmitOutcome.unavailable(NOT_BOUND), NOT_BOUND);
            }
        }
    }
}
