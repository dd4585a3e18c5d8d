// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be read about the interface without a token. The catalogue of errors always is: the {@code type} of every
 * problem leads there.
 *
 * @param enabled whether the pages at {@code /docs}, and the contract at {@code /openapi.yaml} and {@code /openapi.json},
 *     are there
 */
@ConfigurationProperties("aval.docs")
public record DocsSettings(@DefaultValue("true") boolean enabled) {

    /** The catalogue of errors. */
    public static final String PROBLEMS = "/problems";

    private static final List<String> CATALOGUE = List.of(PROBLEMS, PROBLEMS + "/*");
    private static final List<String> DOCS = List.of("/docs", "/docs/**", "/openapi.yaml", "/openapi.json");

    /** The paths that are open. */
    String[] paths() {
        return Stream.concat(CATALOGUE.stream(), enabled ? DOCS.stream() : Stream.empty())
                .toArray(String[]::new);
    }
}
