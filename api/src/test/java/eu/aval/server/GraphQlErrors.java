// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.springframework.graphql.ResponseError;

/** What tests ask of the errors of an answer. */
public final class GraphQlErrors {

    private GraphQlErrors() {}

    /** There is one, with this code, and its fields tell all of this. */
    public static void assertOne(List<ResponseError> errors, String code, String... told) {
        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error.getExtensions())
                        .containsEntry("code", code)
                        .extractingByKey("errors")
                        .asString()
                        .contains(told));
    }
}
