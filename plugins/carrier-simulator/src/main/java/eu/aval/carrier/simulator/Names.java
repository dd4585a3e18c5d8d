// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.carrier.simulator.Script.Ids;
import eu.aval.carrier.simulator.Script.Parts;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Segmentation;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** What the carrier calls a message: the same for the same seed and message, so a repeated submit gets the same ids. */
final class Names {

    /** Above the salts of {@link Chance.Of}. */
    private static final int FIRST_PART = 100;

    private final Ids form;
    private final long[] numbers;

    Names(Chance chance, SubmitRequest request, Ids form) {
        this.form = form;
        int count = form == Ids.ONE_FOR_EACH_PART
                ? Segmentation.of(request.text().value(), request.encoding()).parts()
                : 1;
        this.numbers = IntStream.range(0, count)
                .mapToLong(part -> chance.number(request.messageId(), FIRST_PART + part))
                .toArray();
    }

    /** As the answer to the submit has them. */
    List<String> all() {
        return IntStream.range(0, numbers.length).mapToObj(this::hex).toList();
    }

    /** For each receipt that speaks of these parts, how it names its message: nothing, or one id in several forms. */
    List<List<String>> inReceipts(Parts parts) {
        int last = numbers.length - 1;
        IntStream chosen = switch (parts) {
            case ALL -> IntStream.rangeClosed(0, last);
            case ALL_BUT_THE_LAST -> IntStream.range(0, last);
            case THE_LAST -> IntStream.rangeClosed(last, last);
            case THE_FIRST -> IntStream.rangeClosed(0, 0);
        };
        return chosen.mapToObj(part -> switch (form) {
                    case ONE, ONE_FOR_EACH_PART -> List.of(hex(part));
                    case DECIMAL_IN_RECEIPTS -> List.of(Long.toUnsignedString(numbers[part]), hex(part));
                    case NONE_IN_RECEIPTS -> List.<String>of();
                })
                .toList();
    }

    private String hex(int part) {
        return HexFormat.of().toHexDigits(numbers[part]);
    }
}
