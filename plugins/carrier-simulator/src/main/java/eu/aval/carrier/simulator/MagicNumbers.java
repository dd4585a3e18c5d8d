// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.carrier.simulator.Script.Answer;
import eu.aval.carrier.simulator.Script.Ids;
import eu.aval.carrier.simulator.Script.Later;
import eu.aval.carrier.simulator.Script.Misbehaviour;
import eu.aval.carrier.simulator.Script.Parts;
import eu.aval.carrier.simulator.Script.Receipt;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.text.Address;
import java.time.Duration;
import java.util.List;

/**
 * The script of a number. The last four digits of +33 6 39 98 xx xx choose it, the first two of them the family: that
 * range is set aside for fiction, so no message of a test can reach a person. README.md has the table.
 */
final class MagicNumbers {

    /** A code's place is its number: 01 is the first. Append only: people have written these numbers down. */
    static final List<FailureClass> FAILURES = List.of(
            FailureClass.INVALID_NUMBER,
            FailureClass.NOT_MOBILE,
            FailureClass.DESTINATION_UNSUPPORTED,
            FailureClass.UNREACHABLE,
            FailureClass.HANDSET_FULL,
            FailureClass.HANDSET_ERROR,
            FailureClass.OPTED_OUT,
            FailureClass.CARRIER_FILTERED,
            FailureClass.SENDER_REJECTED,
            FailureClass.QUEUE_FULL,
            FailureClass.EXPIRED,
            FailureClass.ROUTE_DOWN,
            FailureClass.CARRIER_ERROR,
            FailureClass.CONTENT_INVALID,
            FailureClass.CREDIT,
            FailureClass.AUTH,
            FailureClass.DUPLICATE,
            FailureClass.POLICY,
            FailureClass.UNKNOWN);

    /** How many times 03nn and 04nn say no when nn is this: always. */
    private static final int FOREVER = 99;

    private static final String PREFIX = "3363998";

    private static final int DIGITS = 11;

    private static final Script ORDINARY = Script.delivered().asOrdinary();

    private static final Duration BEFORE_ANSWER = Duration.ofNanos(-1);

    private static final String LONG_REPLY =
            "Bonjour, merci pour votre message. ".repeat(10) + "À bientôt, 5€ bien reçus.";

    private static final String THREE_PARTS =
            "Bonjour, merci pour votre message. ".repeat(10) + "A mardi, 5€ de moins.";

    private MagicNumbers() {}

    /** The script of this number; an ordinary delivery where there is none. */
    static Script scriptOf(Address to) {
        String digits = to.digits();
        if (digits.length() != DIGITS || !digits.startsWith(PREFIX)) {
            return ORDINARY;
        }
        int code = number(digits, PREFIX.length());
        int detail = number(digits, PREFIX.length() + 2);
        return switch (code) {
            case 0 -> delivered(detail);
            case 1 -> undelivered(detail);
            case 2 -> rejected(detail);
            case 3 -> Script.delivered().answering(new Answer.Throttle()).times(times(detail));
            case 4 -> Script.delivered().answering(new Answer.Refuse()).times(times(detail));
            case 5 -> uncertain(detail);
            case 6 -> receipts(detail);
            case 7 -> replies(detail);
            case 8 -> optChanges(detail);
            case 9 ->
                Script.delivered().answeredAfter(detail == 0 ? Duration.ofMillis(500) : Duration.ofSeconds(detail));
            case 10 -> Script.delivered(Duration.ofSeconds(detail));
            case 11 -> Script.delivered(Duration.ofMinutes(detail));
            case 99 -> misbehaviour(detail);
            default -> ORDINARY;
        };
    }

    /** What stands for a failure in the numbers and in the carrier's codes. */
    static int codeOf(FailureClass reason) {
        return FAILURES.indexOf(reason) + 1;
    }

    private static Script delivered(int detail) {
        return switch (detail) {
            case 0 -> Script.delivered(Duration.ZERO).answeredAfter(Duration.ZERO);
            case 1 -> Script.delivered();
            case 2 ->
                Script.of(
                        new Answer.Accept(),
                        Receipt.of(null, DeliveryState.SENT),
                        Receipt.of(null, DeliveryState.BUFFERED),
                        Receipt.of(null, DeliveryState.DELIVERED));
            case 3 -> Script.of(new Answer.Accept());
            default -> ORDINARY;
        };
    }

    private static Script undelivered(int detail) {
        return detail >= 1 && detail <= FAILURES.size()
                ? Script.of(new Answer.Accept(), failure(DeliveryState.UNDELIVERED, FAILURES.get(detail - 1)))
                : ORDINARY;
    }

    private static Script rejected(int detail) {
        return detail >= 1 && detail <= FAILURES.size()
                ? Script.of(new Answer.Reject(FAILURES.get(detail - 1)))
                : ORDINARY;
    }

    private static Script uncertain(int detail) {
        Receipt delivered = Receipt.of(null, DeliveryState.DELIVERED);
        return switch (detail) {
            case 1 -> Script.of(lost(Uncertain.Cause.CONNECTION_LOST), delivered);
            case 2 -> Script.of(lost(Uncertain.Cause.CONNECTION_LOST));
            case 3 ->
                Script.delivered()
                        .answering(new Answer.Lose(Uncertain.Cause.CONNECTION_LOST, false, 0))
                        .times(1);
            case 4 -> Script.of(new Answer.Lose(Uncertain.Cause.CONNECTION_LOST, true, 2));
            case 5 -> Script.of(lost(Uncertain.Cause.UNREADABLE_ANSWER), delivered);
            case 6 -> Script.of(lost(Uncertain.Cause.TIMEOUT), delivered);
            case 7 -> Script.of(lost(Uncertain.Cause.TIMEOUT));
            case 8 ->
                Script.of(
                                lost(Uncertain.Cause.PARTIALLY_SENT),
                                new Receipt(null, DeliveryState.DELIVERED, null, Parts.THE_FIRST))
                        .named(Ids.ONE_FOR_EACH_PART);
            default -> ORDINARY;
        };
    }

    private static Script receipts(int detail) {
        Answer accept = new Answer.Accept();
        Receipt delivered = Receipt.of(null, DeliveryState.DELIVERED);
        Receipt undelivered = failure(DeliveryState.UNDELIVERED, FailureClass.UNREACHABLE);
        return switch (detail) {
            case 1 -> Script.of(accept, Receipt.of(BEFORE_ANSWER, DeliveryState.DELIVERED));
            case 2 -> Script.of(accept, delivered, delivered);
            case 3 ->
                Script.of(
                        accept,
                        delivered,
                        Receipt.of(null, DeliveryState.SENT),
                        Receipt.of(null, DeliveryState.ACCEPTED));
            case 4 -> Script.of(accept, delivered).named(Ids.ONE_FOR_EACH_PART);
            case 5 ->
                Script.of(
                                accept,
                                new Receipt(null, DeliveryState.DELIVERED, null, Parts.ALL_BUT_THE_LAST),
                                new Receipt(null, DeliveryState.UNDELIVERED, FailureClass.UNREACHABLE, Parts.THE_LAST))
                        .named(Ids.ONE_FOR_EACH_PART);
            case 6 -> Script.of(accept, delivered).named(Ids.DECIMAL_IN_RECEIPTS);
            case 7 -> Script.of(accept, delivered).named(Ids.NONE_IN_RECEIPTS);
            case 8 -> Script.of(accept, undelivered, delivered);
            case 9 -> Script.of(accept, delivered, undelivered);
            case 10 -> Script.of(accept, failure(DeliveryState.EXPIRED, FailureClass.EXPIRED));
            case 11 -> Script.of(accept, failure(DeliveryState.REJECTED, FailureClass.POLICY));
            case 12 -> Script.of(accept, failure(DeliveryState.CANCELLED, FailureClass.UNKNOWN));
            case 13 -> Script.of(accept, failure(DeliveryState.UNKNOWN, FailureClass.UNKNOWN));
            case 14 -> Script.of(accept, delivered).then(new Later.Stray());
            default -> ORDINARY;
        };
    }

    private static Script replies(int detail) {
        return switch (detail) {
            case 1 -> reply("STOP");
            case 2 -> reply("Stop. Merci");
            case 3 -> reply("ARRET");
            case 4 -> reply("« Arrêt »");
            case 5 -> reply("Oui merci, à bientôt");
            case 6 -> reply(LONG_REPLY);
            case 7 -> reply("👍 ça marche");
            case 8 -> Script.delivered().then(new Later.Reply("STOP", true, 2));
            case 9 -> Script.delivered().then(new Later.Reply(LONG_REPLY.substring(0, 153), false, 1));
            case 10 -> reply("START");
            case 11 -> reply("AIDE");
            case 12 -> Script.delivered().then(new Later.ReplyInParts(THREE_PARTS, List.of(3, 1, 2)));
            case 13 -> Script.delivered().then(new Later.ReplyInParts(THREE_PARTS, List.of(1, 3)));
            default -> ORDINARY;
        };
    }

    private static Script optChanges(int detail) {
        return switch (detail) {
            case 1 -> Script.delivered().then(new Later.Opt(true, false));
            case 2 -> Script.delivered().then(new Later.Opt(true, true));
            case 3 -> Script.delivered().then(new Later.Opt(false, false));
            default -> ORDINARY;
        };
    }

    private static Script misbehaviour(int detail) {
        Misbehaviour[] ways = Misbehaviour.values();
        return detail >= 1 && detail <= ways.length ? Script.of(new Answer.Misbehave(ways[detail - 1])) : ORDINARY;
    }

    private static Script reply(String text) {
        return Script.delivered().then(new Later.Reply(text, true, 1));
    }

    private static Answer lost(Uncertain.Cause cause) {
        return new Answer.Lose(cause, true, 0);
    }

    private static Receipt failure(DeliveryState state, FailureClass reason) {
        return new Receipt(null, state, reason, Parts.ALL);
    }

    private static int times(int detail) {
        return detail == FOREVER ? Script.ALWAYS : detail;
    }

    private static int number(String digits, int start) {
        return Integer.parseInt(digits, start, start + 2, 10);
    }
}
