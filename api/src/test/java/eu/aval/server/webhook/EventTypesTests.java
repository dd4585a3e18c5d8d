// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class EventTypesTests {

    @Test
    void namesAllFieldsOfTheSchemas() throws IOException {
        Set<String> fields = new TreeSet<>(fields(EventTypes.TEST));
        for (String type : EventTypes.ALL) {
            fields.addAll(fields(type));
        }
        fields.removeAll(EventTypes.ALWAYS);

        assertThat(fields).isEqualTo(EventTypes.FIELDS);
    }

    private static Set<String> fields(String type) throws IOException {
        try (InputStream schema = Objects.requireNonNull(
                EventTypesTests.class.getResourceAsStream("/webhooks/" + type + ".json"), type)) {
            return Set.copyOf(JsonMapper.shared()
                    .readTree(schema)
                    .at("/properties/data/properties")
                    .propertyNames());
        }
    }
}
