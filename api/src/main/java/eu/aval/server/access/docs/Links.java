// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import eu.aval.server.access.AccessSettings;
import eu.aval.server.access.DocsSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The pages of this server, by title; none when they are switched off. */
@Component
final class Links {

    static final String START = "Documentation";
    static final String ERRORS = "Errors";
    static final String SANDBOX = "Sandbox numbers";
    static final String WEBHOOKS = "Webhooks";

    private final Map<String, String> links = new LinkedHashMap<>();

    Links(DocsSettings docs, AccessSettings access, Environment environment) {
        if (docs.enabled()) {
            links.put(START, "/docs");
            links.put("Quick start", "/docs#quick-start");
            links.put("REST reference", "/docs#reference");
            links.put(ERRORS, DocsSettings.PROBLEMS);
            links.put(SANDBOX, "/docs/sandbox-numbers");
            links.put(WEBHOOKS, "/docs/webhooks");
            if (access.showsGraphiql(environment)) {
                links.put("GraphiQL", "/graphiql");
            }
        }
    }

    Map<String, String> all() {
        return links;
    }
}
