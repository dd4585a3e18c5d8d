// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract under Spectral's default rules, which let nothing pass: neither an error nor a hint. */
final class OpenApiLintTests {

    private static final Path CONTRACT = Path.of("..", "schema", "openapi", "aval.yaml");

    @Test
    void hasNothingThatSpectralComplainsOf() {
        var npm = Npm.installed();

        npm.run(
                        Path.of("."),
                        "spectral",
                        "lint",
                        "--fail-severity=hint",
                        "--ruleset",
                        npm.file("spectral.yaml").toString(),
                        CONTRACT.toString())
                .succeeded();
    }
}
