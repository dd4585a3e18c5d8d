// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdempotencyKeyTests {

    @Test
    void readsAStructuredFieldString() {
        assertThat(key("\"order 4711\"")).isEqualTo("order 4711");
        assertThat(key("\"a\\\"b\\\\c\"")).isEqualTo("a\"b\\c");
    }

    @Test
    void readsABareToken() {
        assertThat(key("8e03978e-40d5-43dd-bc93-6894a57f9324")).isEqualTo("8e03978e-40d5-43dd-bc93-6894a57f9324");
    }

    @Test
    void takesBothFormsForTheSameKey() {
        assertThat(IdempotencyKey.parse(List.of("\"abc\""))).isEqualTo(IdempotencyKey.parse(List.of("abc")));
    }

    @Test
    void isAbsentWithoutHeader() {
        assertThat(IdempotencyKey.parse(List.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "\"open",
                "\"a\" b",
                "\"a\";p=1",
                "a b",
                "a,b",
                "a;b",
                "\"é\"",
                "é",
                "\"\\n\"",
                "\"\\"
            })
    void refusesWhatIsNoKey(String header) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> IdempotencyKey.parse(List.of(header)))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.IDEMPOTENCY_KEY_INVALID));
    }

    @Test
    void limitsTheLength() {
        assertThat(key("k".repeat(255))).hasSize(255);
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> key("k".repeat(256)));
    }

    @Test
    void refusesTwoHeaders() {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> IdempotencyKey.parse(List.of("a", "a")));
    }

    @Test
    void hidesItself() {
        assertThat(String.valueOf(IdempotencyKey.parse(List.of("secret")))).doesNotContain("secret");
    }

    private static String key(String header) {
        return java.util.Objects.requireNonNull(IdempotencyKey.parse(List.of(header)))
                .value();
    }
}
