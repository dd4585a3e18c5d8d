// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a message.
 *
 * @param answer of the submit
 * @param times how often it gets that answer before it is accepted
 * @param answerAfter null is the account's latency
 * @param ids how the carrier names it
 * @param receipts in the order in which they come
 * @param later what else comes, after the receipts
 * @param ordinary whether the shares of the account's settings strike it
 */
record Script(
        Answer answer,
        int times,
        @Nullable Duration answerAfter,
        Ids ids,
        List<Receipt> receipts,
        List<Later> later,
        boolean ordinary) {

    static final int ALWAYS = Integer.MAX_VALUE;

    /** What a submit is told. */
    sealed interface Answer {

        record Accept() implements Answer {}

        record Reject(FailureClass reason) implements Answer {}

        record Throttle() implements Answer {}

        record Refuse() implements Answer {}

        /**
         * The message may have been taken.
         *
         * @param taken whether it was
         * @param looks how often {@code reconcile} is asked before it finds it
         */
        record Lose(Uncertain.Cause cause, boolean taken, int looks) implements Answer {}

        /** The plugin itself goes wrong, so that a host can be tested with it. */
        record Misbehave(Misbehaviour how) implements Answer {}
    }

    /** Ways to break the contract of {@code Carrier.submit}. */
    enum Misbehaviour {
        ERROR_SIGNAL,
        EXCEPTION,
        SILENCE,
        EMPTY
    }

    /** How the carrier names a message. */
    enum Ids {
        ONE,
        ONE_FOR_EACH_PART,
        /** Hexadecimal in the answer, decimal in receipts. */
        DECIMAL_IN_RECEIPTS,
        /** Receipts name the platform's own id instead. */
        NONE_IN_RECEIPTS
    }

    /** Which parts a receipt speaks of, where each has its id. */
    enum Parts {
        ALL,
        ALL_BUT_THE_LAST,
        THE_LAST,
        THE_FIRST
    }

    /** @param after the answer; null is the account's delay; negative is before the answer */
    record Receipt(
            @Nullable Duration after,
            DeliveryState state,
            @Nullable FailureClass reason,
            Parts parts) {

        static Receipt of(@Nullable Duration after, DeliveryState state) {
            return new Receipt(after, state, null, Parts.ALL);
        }
    }

    /** What comes beside receipts. */
    sealed interface Later {

        /** The handset writes back. */
        record Reply(String text, boolean complete, int copies) implements Later {}

        /**
         * The handset writes back, and the carrier leaves it in parts.
         *
         * @param told the numbers of the parts in the order in which they come; one that is not named never does
         */
        record ReplyInParts(String text, List<Integer> told) implements Later {}

        /** The carrier's opt-out list changes. */
        record Opt(boolean optedOut, boolean thisSenderOnly) implements Later {}

        /** A receipt for a message nobody sent. */
        record Stray() implements Later {}
    }

    static Script of(Answer answer, Receipt... receipts) {
        return new Script(answer, ALWAYS, null, Ids.ONE, List.of(receipts), List.of(), false);
    }

    static Script delivered() {
        return of(new Answer.Accept(), Receipt.of(null, DeliveryState.DELIVERED));
    }

    static Script delivered(Duration after) {
        return of(new Answer.Accept(), Receipt.of(after, DeliveryState.DELIVERED));
    }

    Script times(int count) {
        return new Script(answer, count, answerAfter, ids, receipts, later, ordinary);
    }

    Script answeredAfter(Duration delay) {
        return new Script(answer, times, delay, ids, receipts, later, ordinary);
    }

    Script named(Ids form) {
        return new Script(answer, times, answerAfter, form, receipts, later, ordinary);
    }

    Script then(Later event) {
        List<Later> events = new ArrayList<>(later);
        events.add(event);
        return new Script(answer, times, answerAfter, ids, receipts, List.copyOf(events), ordinary);
    }

    Script withoutReceipts() {
        return new Script(answer, times, answerAfter, ids, List.of(), later, ordinary);
    }

    Script answering(Answer other) {
        return new Script(other, ALWAYS, answerAfter, ids, receipts, later, ordinary);
    }

    Script asOrdinary() {
        return new Script(answer, times, answerAfter, ids, receipts, later, true);
    }
}
