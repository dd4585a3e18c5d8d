// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import eu.aval.server.access.AccessSettings;
import eu.aval.server.access.DocsSettings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

final class DocsPagesTests {

    private final JsonMapper mapper = JsonMapper.shared();

    @Test
    void areNotThereWhenTheyAreSwitchedOff() throws IOException {
        WebTestClient client = client(false);

        for (String path : List.of("/docs", "/docs/webhooks", "/docs/swagger-ui-bundle.js", "/openapi.yaml")) {
            client.get().uri(path).exchange().expectStatus().isNotFound();
        }
    }

    @Test
    void areThereUnlessTheyAreSwitchedOff() throws IOException {
        WebTestClient client = client(true);

        for (String path : List.of("/docs", "/docs/webhooks", "/docs/swagger-ui-bundle.js", "/openapi.yaml")) {
            client.get().uri(path).exchange().expectStatus().isOk();
        }
    }

    private WebTestClient client(boolean enabled) throws IOException {
        var settings = new DocsSettings(enabled);
        var links = new Links(settings, new AccessSettings(false, null, 30), new MockEnvironment());
        return WebTestClient.bindToRouterFunction(new DocsPages(settings, links, new Contract(mapper), mapper).docs())
                .build();
    }
}
