// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eu.aval.server.shared.CannotStart;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresAddressTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:s3cret@db.example:6432/aval",
                "postgres://ann:s3cret@db.example:6432/aval",
                "jdbc:postgresql://ann:s3cret@db.example:6432/aval",
                "jdbc:postgresql://db.example:6432/aval?user=ann&password=s3cret",
                "r2dbc:postgresql://ann:s3cret@db.example:6432/aval",
                "r2dbc:pool:postgresql://ann:s3cret@db.example:6432/aval",
                "  postgresql://ann:s3cret@db.example:6432/aval\n"
            })
    void understandsTheFormsInUse(String url) {
        assertThat(PostgresAddress.parse("AVAL_DB_URL", url))
                .isEqualTo(new PostgresAddress("db.example", 6432, "aval", "ann", "s3cret", Map.of()));
    }

    @Test
    void takesTheUsualPort() {
        assertThat(PostgresAddress.parse("AVAL_DB_URL", "postgresql://ann@localhost/aval")
                        .port())
                .isEqualTo(5432);
    }

    @Test
    void decodesPasswords() {
        assertThat(PostgresAddress.parse("AVAL_DB_URL", "postgresql://ann:a%40b%2Fc+d%C3%A9@localhost/aval")
                        .password())
                .isEqualTo("a@b/c+dé");
    }

    @Test
    void keepsTlsParameters() {
        PostgresAddress address = PostgresAddress.parse(
                "AVAL_DB_URL", "postgresql://ann:x@[::1]:5433/aval?sslmode=verify-full&sslrootcert=/etc/ca.pem");

        assertThat(address.host()).isEqualTo("[::1]");
        assertThat(address.tls()).containsEntry("sslmode", "verify-full").containsEntry("sslrootcert", "/etc/ca.pem");
        assertThat(address.jdbcUrl()).contains("sslmode=verify-full").doesNotContain("ann");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ann:s3cret@localhost/aval",
                "localhost:5432",
                "postgresql://ann:s3cret@localhost",
                "postgresql://ann:s3cret@localhost/",
                "postgresql://localhost/aval?password=s3cret",
                "postgresql://ann:s3cret@/aval",
                "postgresql://ann:s3cret with blank@localhost/aval",
                "postgresql://ann:s3#cret@localhost/aval",
                "postgresql://ann:s3cret@localhost/aval?options=-cfsync",
                "postgresql://ann:s3cret@localhost/aval?sslmode"
            })
    void refusesOthersWithoutRepeatingTheSecret(String url) {
        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> PostgresAddress.parse("AVAL_DB_URL", url))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).startsWith("AVAL_DB_URL ").doesNotContain("s3");
                    assertThat(refusal).hasNoCause();
                });
    }

    @Test
    void hidesThePassword() {
        assertThat(PostgresAddress.parse("AVAL_DB_URL", "postgresql://ann:s3cret@localhost/aval"))
                .hasToString("postgresql://ann@localhost:5432/aval");
    }
}
