// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What PostgreSQL understands of an array that is bound. */
final class BinaryArrayIntegrationTests {

    private static final FreshDatabase database = PostgresSetup.freshDatabase();

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<Arguments> arrays() {
        return Stream.of(
                Arguments.of(
                        "$1::bytea[]",
                        new byte[][] {{}, {0, 0x5c, 0x78, (byte) 0xff}, null},
                        "{\"\\\\x\",\"\\\\x005c78ff\",NULL}"),
                Arguments.of(
                        "$1::uuid[]",
                        new UUID[] {UUID.fromString("01a2154d-50fc-7000-8b26-f72e574629ba"), null},
                        "{01a2154d-50fc-7000-8b26-f72e574629ba,NULL}"),
                Arguments.of("$1::integer[]", new Integer[] {-1, null, Integer.MAX_VALUE}, "{-1,NULL,2147483647}"),
                Arguments.of("$1::smallint[]", new Short[] {-2, null, Short.MAX_VALUE}, "{-2,NULL,32767}"),
                Arguments.of("$1::boolean[]", new Boolean[] {true, null, false}, "{t,NULL,f}"),
                Arguments.of(
                        "array(select t at time zone 'UTC' from unnest($1::timestamptz[]) t)",
                        new OffsetDateTime[] {
                            OffsetDateTime.parse("2026-11-26T01:02:03.456789+02:00"),
                            null,
                            OffsetDateTime.parse("1999-12-31T23:59:59.999999Z")
                        },
                        "{\"2026-11-25 23:02:03.456789\",NULL,\"1999-12-31 23:59:59.999999\"}"),
                Arguments.of("$1::text[]", new String[] {}, "{}"),
                Arguments.of("$1::bytea[]", new byte[][] {}, "{}"));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrivesAsItWas(String expression, Object[] array, String understood) {
        assertThat(ask("select (" + expression + ")::text", array)).isEqualTo(understood);
    }

    @Test
    void keepsWhatLiteralsAreEscapedFor() {
        String[] texts = {"", "NULL", "a\\b", "\"quoted\", {braced}", "l'été 😀\n", null};

        assertThat(ask("select to_jsonb($1::text[])::text", texts))
                .isEqualTo("[\"\", \"NULL\", \"a\\\\b\", \"\\\"quoted\\\", {braced}\", \"l'été 😀\\n\", null]");
    }

    private static String ask(String sql, Object array) {
        return database.platformClient()
                .sql(sql)
                .bind(0, array)
                .map(row -> String.valueOf(row.get(0, String.class)))
                .one()
                .block(Duration.ofSeconds(30));
    }
}
