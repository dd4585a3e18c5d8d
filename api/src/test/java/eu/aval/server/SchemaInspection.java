// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.graphql.execution.GraphQlSource.SchemaResourceBuilder;
import org.springframework.graphql.execution.SchemaReport;
import org.springframework.stereotype.Component;

/** Keeps what Spring finds out about fields without code and code without fields. */
@Component
class SchemaInspection implements GraphQlSourceBuilderCustomizer {

    private @Nullable SchemaReport report;

    @Override
    public void customize(SchemaResourceBuilder builder) {
        builder.inspectSchemaMappings(found -> report = found);
    }

    SchemaReport report() {
        if (report == null) {
            throw new IllegalStateException("The schema was not inspected");
        }
        return report;
    }
}
