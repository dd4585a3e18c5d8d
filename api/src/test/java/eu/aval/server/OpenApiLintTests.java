// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

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

    /** In a flow mapping, what follows a comma is another member: Spectral's rules pass it as an extension of the schema. */
    @Test
    void hasNoTextThatACommaHasCutOff() {
        assertThat(names(new OpenApiContract().document())).isNotEmpty().noneMatch(name -> name.contains(" "));
    }

    private static Stream<String> names(JsonNode node) {
        return Stream.concat(node.propertyNames().stream(), node.valueStream().flatMap(OpenApiLintTests::names));
    }
}
