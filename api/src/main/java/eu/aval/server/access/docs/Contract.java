// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** {@code schema/openapi/aval.yaml}, as it is written and as JSON. */
@Component
final class Contract {

    private final byte[] yaml = Sources.bytes("/openapi/aval.yaml");
    private final Map<String, Object> document =
            new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
    private final byte[] json;

    Contract(JsonMapper mapper) {
        json = mapper.writeValueAsBytes(document);
    }

    byte[] yaml() {
        return yaml;
    }

    byte[] json() {
        return json;
    }

    /** What is said about a tag, in Markdown. */
    String tag(String name) {
        return ((List<?>) document.getOrDefault("tags", List.of()))
                .stream()
                        .filter(tag -> tag instanceof Map<?, ?> members && name.equals(members.get("name")))
                        .map(tag -> String.valueOf(((Map<?, ?>) tag).get("description")))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("The contract has no tag " + name));
    }
}
