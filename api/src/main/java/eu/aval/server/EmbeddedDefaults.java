// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Without {@code AVAL_DB_URL} the server is being tried out: it gets a demo tenant and GraphiQL. With one it has neither,
 * unless the settings say so.
 */
final class EmbeddedDefaults implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean embedded = environment.getProperty("aval.db.url", "").isBlank();
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "embedded-defaults", Map.of("aval.demo", embedded, "aval.access.graphiql", embedded)));
    }
}
