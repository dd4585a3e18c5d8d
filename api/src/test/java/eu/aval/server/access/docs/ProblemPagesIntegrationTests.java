// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.shared.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.web.util.HtmlUtils;

@PlatformTest
final class ProblemPagesIntegrationTests {

    @Autowired
    private RestSetup rest;

    @ParameterizedTest
    @EnumSource
    void explainsEachCodeWhereItsTypeLeads(ProblemType type) {
        assertThat(page(type.uri().getPath(), 200)).contains(type.name(), HtmlUtils.htmlEscape(type.title()));
    }

    @Test
    void listsThemAll() {
        String page = page("/problems", 200);

        assertThat(ProblemType.values())
                .allSatisfy(type -> assertThat(page)
                        .contains("<a href=\"%s\"><code>%s</code></a></th><td>%d</td><td>%s</td><td>%s</td>"
                                .formatted(
                                        type.uri().getPath(),
                                        type.name(),
                                        type.status(),
                                        type.isRetryable() ? "yes" : "no",
                                        HtmlUtils.htmlEscape(type.title()))));
    }

    @Test
    void knowsNoOthers() {
        page("/problems/does-not-exist", 404);
    }

    private String page(String path, int status) {
        return rest.client()
                .get()
                .uri(path)
                .accept(MediaType.TEXT_HTML)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }
}
