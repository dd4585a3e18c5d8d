// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import eu.aval.server.Browser;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** GraphiQL as a person sees it, in a browser that reaches nothing but this server. */
@PlatformTest
final class GraphiqlIntegrationTests {

    private static final String EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror')";
    private static final String LINK_TO_QUERY =
            "[...document.querySelectorAll('.graphiql-plugin a')].find(link => link.innerText === 'Query')";

    @Autowired
    private RestSetup rest;

    @LocalServerPort
    private int port;

    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        var program = Browser.installed();
        assumeThat(program).as("a browser on this machine").isPresent();
        browser = Browser.start(program.orElseThrow());
        browser.open("http://localhost:" + port + "/graphiql");
        browser.await("document.readyState === 'complete'");
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void answersAQueryAndShowsTheSchemaWithoutTheInternet() throws IOException {
        use(rest.token(Role.DPO));
        browser.await(EDITOR + " && " + EDITOR + ".CodeMirror.getValue().includes('operator')");
        browser.evaluate("document.querySelector('button.graphiql-execute-button').click()");
        browser.await("document.querySelector('.result-window').innerText.includes('\"DPO\"')");
        browser.evaluate("document.querySelector('button[aria-label=\"Show Documentation Explorer\"]').click()");
        browser.await(LINK_TO_QUERY);
        browser.evaluate(LINK_TO_QUERY + ".click()");
        browser.await("document.querySelector('.graphiql-plugin').innerText.includes('messagesByNumber')");
        browser.screenshot(Path.of("target", "graphiql.png"));

        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url).matches("(http://localhost:" + port + "/|data:|blob:).*"));
    }

    @Test
    void keepsTheTokenInMemoryOnly() {
        String token = rest.token(Role.DPO);
        use(token);
        browser.await(EDITOR + " && " + EDITOR + ".CodeMirror.getValue().includes('operator')");

        assertThat(browser.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"))
                .isNotEmpty()
                .doesNotContain(token);
    }

    @Test
    void saysSoWhenATokenIsNone() {
        use("aval_op_nonsense");

        browser.await("document.getElementById('state').innerText.includes('unknown')");
    }

    @Test
    void letsThePageLoadNothingFromElsewhere() {
        rest.client()
                .get()
                .uri("/graphiql")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .value(
                        "Content-Security-Policy",
                        policy -> assertThat(policy).contains("default-src 'none'", "script-src 'self'"));
    }

    private void use(String token) {
        browser.evaluate("document.getElementById('token').value = '" + token + "'");
        browser.evaluate("document.querySelector('#identity button').click()");
    }
}
