// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SendRequestReaderTests {

    @Test
    void readsEveryMember() {
        SendRequest request = read("""
                {"to":"+33639980000","text":"Bonjour","purpose":"otp","from":"AVAL","recipientRegion":"FR-67","clientReference":"r1",
                 "sendAt":"2026-12-01T10:00:00+01:00","validity":"PT10M","maxParts":2,"encoding":"gsm7",
                 "transliterate":"fr","maxPrice":{"amount":"0.10","currency":"EUR"},"privacy":{"text":"discard"}}""");

        assertThat(request)
                .isEqualTo(new SendRequest(
                        "+33639980000",
                        "Bonjour",
                        "otp",
                        "AVAL",
                        "FR-67",
                        "r1",
                        "2026-12-01T10:00:00+01:00",
                        "PT10M",
                        2,
                        "gsm7",
                        "fr",
                        "0.10",
                        "EUR",
                        "discard",
                        List.of()));
    }

    @Test
    void readsNothingButUtf8() {
        for (String name : List.of("UTF-16", "UTF-16LE", "UTF-32BE")) {
            byte[] json = "{\"to\":\"+33639980000\"}".getBytes(Charset.forName(name));

            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> SendRequestReader.read(json))
                    .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_REQUEST));
        }
    }

    @Test
    void takesNullForAbsent() {
        assertThat(read("{\"from\":null,\"maxParts\":null,\"privacy\":null}").defects())
                .isEmpty();
    }

    @Test
    void reportsUnknownMembers() {
        assertThat(read("{\"too\":{\"deep\":[1]},\"privacy\":{\"retention\":1}}")
                        .defects())
                .extracting(Problem.Field::pointer, Problem.Field::code)
                .containsExactly(tuple("/too", "UNKNOWN_FIELD"), tuple("/privacy/retention", "UNKNOWN_FIELD"));
    }

    @Test
    void doesNotRepeatAMemberNameThatMayBePersonal() {
        assertThat(read("{\"+33612345678\":1}").defects())
                .extracting(Problem.Field::pointer)
                .containsExactly("/");
    }

    @Test
    void reportsWrongTypes() {
        assertThat(read("{\"to\":33639980000,\"maxParts\":1.5,\"privacy\":[],\"text\":{\"a\":1}}")
                        .defects())
                .extracting(Problem.Field::pointer, Problem.Field::code)
                .containsExactly(
                        tuple("/to", "WRONG_TYPE"),
                        tuple("/maxParts", "WRONG_TYPE"),
                        tuple("/privacy", "WRONG_TYPE"),
                        tuple("/text", "WRONG_TYPE"));
    }

    @Test
    void reportsAMemberThatStandsTwice() {
        assertThat(read("{\"to\":\"+33639980000\",\"to\":\"+33639980001\"}").defects())
                .extracting(Problem.Field::pointer, Problem.Field::code)
                .containsExactly(tuple("/to", "DUPLICATE_FIELD"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"to\":null,\"to\":\"+33639980001\"} | /to",
                "{\"privacy\":{\"text\":\"discard\"},\"privacy\":null} | /privacy",
                "{\"maxPrice\":{\"amount\":\"1\"},\"maxPrice\":{\"currency\":\"EUR\"}} | /maxPrice",
                "{\"maxParts\":null,\"maxParts\":1} | /maxParts"
            })
    void reportsAMemberThatStandsTwiceWhateverItsValues(String body, String pointer) {
        assertThat(read(body).defects())
                .extracting(Problem.Field::pointer, Problem.Field::code)
                .containsExactly(tuple(pointer, "DUPLICATE_FIELD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"amount\":null,\"currency\":null}"})
    void doesNotTakeAnEmptyLimitOfThePriceForNone(String price) {
        assertThat(read("{\"maxPrice\":" + price + "}").defects())
                .extracting(Problem.Field::pointer, Problem.Field::code)
                .containsExactly(tuple("/maxPrice", "REQUIRED"));
        assertThat(read("{\"maxPrice\":null}").defects()).isEmpty();
    }

    @Test
    void saysThatJsonIsTooDeepAndNotThatItIsNone() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read("{\"x\":" + "[".repeat(20) + "]".repeat(20) + "}"))
                .satisfies(problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_REQUEST);
                    assertThat(problem.detail()).contains("nesting").doesNotContain("not valid");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"to\":}",
                "{} {}",
                "{'to':'x'}",
                "{\"to\":\"\u0001\"}",
                "{\"maxParts\":1e99999999999999999999999999999999999999}"
            })
    void refusesMalformedBodies(String body) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(body))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_REQUEST));
    }

    @Test
    void refusesInvalidUtf8() {
        byte[] body = "{\"to\":\"?\"}".getBytes(UTF_8);
        body[7] = (byte) 0xC3;

        assertThatExceptionOfType(Problem.class).isThrownBy(() -> SendRequestReader.read(body));
    }

    @Test
    void doesNotQuoteTheBodyInItsRefusal() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read("{\"to\":+33612345678}"))
                .satisfies(problem -> assertThat(problem.detail()).doesNotContain("33612345678"));
    }

    @Test
    void readsABatchAsArrayOrObject() {
        assertThat(readBatch("[{\"to\":\"a\"},{\"to\":\"b\"}]"))
                .extracting(SendRequest::to)
                .containsExactly("a", "b");
        assertThat(readBatch("{\"messages\":[{\"to\":\"a\"}]}"))
                .extracting(SendRequest::to)
                .containsExactly("a");
    }

    @Test
    void letsAnItemOfAnotherTypeFailAlone() {
        assertThat(readBatch("[1,{\"to\":\"b\"},[[]]]"))
                .extracting(request -> request.defects().size())
                .containsExactly(1, 0, 1);
    }

    @Test
    void limitsTheItems() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> readBatch("[{},{},{},{}]"))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.PAYLOAD_TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"messages\":1}", "[", "[{}", "[{}]]", "{\"messages\":[],\"x\":1}", "1"})
    void refusesMalformedBatches(String body) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> readBatch(body));
    }

    private static SendRequest read(String json) {
        return SendRequestReader.read(json.getBytes(UTF_8));
    }

    private static List<SendRequest> readBatch(String json) {
        List<SendRequest> items = new ArrayList<>();
        SendRequestReader.readBatch(json.getBytes(UTF_8), 3, (item, index) -> items.add(item));
        return items;
    }
}
