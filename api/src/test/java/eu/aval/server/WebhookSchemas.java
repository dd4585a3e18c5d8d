// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code schema/webhooks} as a judge of events: each is as its schema says, and holds nothing that its schema does not name. */
public final class WebhookSchemas {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private WebhookSchemas() {}

    /** Everything that is wrong with the body of a webhook. */
    public static List<String> defects(String body) {
        JsonNode event = JSON.readTree(body);
        String type = event.path("type").asString();
        List<String> defects = new ArrayList<>(SCHEMAS
                .computeIfAbsent(type, key -> REGISTRY.getSchema(text(key)))
                .validate(event, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(String::valueOf)
                .toList());
        JsonNode known = JSON.readTree(text(type)).at("/properties/data/properties");
        for (String name : event.path("data").propertyNames()) {
            if (!known.has(name)) {
                defects.add(type + ".json does not name " + name);
            }
        }
        return defects;
    }

    /** A row of the outbox or of the log, as the body of a webhook. */
    public static String body(Map<String, ?> row) {
        return "{\"type\":\"" + row.get("type") + "\",\"timestamp\":\""
                + ((java.sql.Timestamp) row.get("at")).toInstant() + "\",\"data\":" + row.get("data") + "}";
    }

    private static String text(String type) {
        return TEXTS.computeIfAbsent(type, key -> {
            try (var source = WebhookSchemas.class.getResourceAsStream("/webhooks/" + key + ".json")) {
                if (source == null) {
                    throw new AssertionError("schema/webhooks has nothing about " + key);
                }
                return new String(source.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
