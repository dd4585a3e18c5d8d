// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import eu.aval.server.Browser;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.webhook.EventTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a partner reads, over HTTP and as a person sees it in a browser that reaches nothing but this server. */
@PlatformTest
final class DocsIntegrationTests {

    private static final Path CONTRACT = Path.of("..", "schema", "openapi", "aval.yaml");
    private static final Path SIMULATOR = Path.of("..", "plugins", "carrier-simulator", "README.md");
    private static final Pattern LINK = Pattern.compile("href=\"(/[^\"#]*)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\d\\d(?:\\d\\d|nn|cc))` \\| (.*) \\| (.*) \\|$");
    private static final Pattern FAILURE = Pattern.compile("`(\\d\\d)` \\| ([A-Z_]+) \\|");
    private static final String EVENTS = "document.querySelector('#operations-webhooks-streamEvents";
    private static final String SEND = "document.querySelector('#operations-messages-sendMessage";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @LocalServerPort
    private int port;

    @Test
    void servesTheContractAsItIsWritten() throws IOException {
        assertThat(text("/openapi.yaml")).isEqualTo(Files.readString(CONTRACT));
    }

    @Test
    void servesTheSameContractAsJson() throws IOException {
        JsonNode written = new YAMLMapper().readTree(Files.readString(CONTRACT));

        assertThat(JsonMapper.shared().readTree(text("/openapi.json"))).isEqualTo(written);
    }

    @Test
    void letsCachesKeepTheContract() {
        for (String path : List.of("/openapi.yaml", "/openapi.json")) {
            HttpHeaders headers = rest.client()
                    .get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .returnResult()
                    .getResponseHeaders();

            assertThat(headers.getCacheControl()).contains("max-age=3600");
            rest.client()
                    .get()
                    .uri(path)
                    .header(HttpHeaders.IF_NONE_MATCH, headers.getETag())
                    .exchange()
                    .expectStatus()
                    .isNotModified();
            rest.client().head().uri(path).exchange().expectStatus().isOk();
        }
    }

    @Test
    void leadsToPagesThatAreThere() {
        for (String page : List.of("/docs", "/docs/sandbox-numbers", "/docs/webhooks", "/problems")) {
            List<String> links = LINK.matcher(text(page))
                    .results()
                    .map(found -> found.group(1))
                    .distinct()
                    .toList();

            assertThat(links).contains("/docs", "/problems", "/docs/sandbox-numbers", "/docs/webhooks", "/graphiql");
            assertThat(links).allSatisfy(link -> assertThat(text(link)).isNotEmpty());
        }
    }

    @Test
    void describesTheSandboxNumbersAsTheSimulatorDoes() throws IOException {
        String readme = Files.readString(SIMULATOR);
        String page = text("/docs/sandbox-numbers");

        assertThat(ROW.matcher(readme).results().toList())
                .hasSizeGreaterThan(40)
                .allSatisfy(row -> assertThat(page)
                        .contains("<code>+3363998" + row.group(1) + "</code></th><td>" + escaped(row.group(2))
                                + "</td><td>" + escaped(row.group(3)) + "</td>"));
        assertThat(FAILURE.matcher(readme).results().toList())
                .hasSizeGreaterThan(15)
                .allSatisfy(failure -> assertThat(page)
                        .contains("<code>" + failure.group(1) + "</code></th><td><code>" + failure.group(2)
                                + "</code></td>"));
    }

    @Test
    void listsEachEventWithItsSchema() {
        String page = text("/docs/webhooks");

        assertThat(Stream.concat(EventTypes.ALL.stream(), Stream.of(EventTypes.TEST)))
                .allSatisfy(type -> {
                    String schema = "/docs/webhooks/" + type + ".json";
                    assertThat(page).contains("<a href=\"" + schema + "\"><code>" + type + "</code></a>");
                    assertThat(JsonMapper.shared()
                                    .readTree(text(schema))
                                    .path("title")
                                    .asString())
                            .isEqualTo(type);
                });
        assertThat(JsonMapper.shared()
                        .readTree(text("/openapi.json"))
                        .at("/components/schemas/EventType/enum")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyElementsOf(EventTypes.ALL);
    }

    @Test
    void knowsNoOtherFiles() {
        for (String path : List.of("/docs/nothing", "/docs/../application.yaml", "/docs/webhooks/nothing.json")) {
            rest.client()
                    .get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .value(status -> assertThat(status).isIn(400, 401, 404));
        }
    }

    @Test
    void sendsAMessageFromTheReferenceWithoutTheInternet() throws IOException {
        var program = Browser.installed();
        assumeThat(program).as("a browser on this machine").isPresent();
        String key = rest.key(sending.tenant());
        try (Browser browser = Browser.start(program.orElseThrow())) {
            browser.open("http://localhost:" + port + "/docs");
            browser.await("document.querySelector('.opblock-tag-section')");
            browser.screenshot(Path.of("target", "docs.png"));
            browser.evaluate("document.querySelector('.opblock-tag-section').scrollIntoView()");
            browser.screenshot(Path.of("target", "docs-reference.png"));
            browser.evaluate("document.querySelector('.btn.authorize').click()");
            browser.await("document.querySelector('.auth-container input')");
            browser.evaluate("""
                    (input => {
                        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '%s');
                        input.dispatchEvent(new Event('input', {bubbles: true}));
                    })(document.querySelector('.auth-container input'))""".formatted(key));
            browser.evaluate("document.querySelector('.auth-container .btn.authorize').click()");
            browser.await("document.querySelector('.auth-container h6')?.innerText.includes('Authorized')"
                    + " || document.querySelector('.auth-btn-wrapper .btn-done')");
            browser.evaluate("document.querySelector('.auth-btn-wrapper .btn-done').click()");
            browser.evaluate(SEND + " .opblock-summary-control').click()");
            browser.await(SEND + " .try-out__btn')");
            browser.evaluate(SEND + " .try-out__btn').click()");
            browser.await(SEND + " .btn.execute')");
            browser.evaluate(SEND + " .btn.execute').click()");
            browser.await(SEND + " .live-responses-table tbody .response-col_status')?.innerText.startsWith('202')");
            browser.evaluate(SEND + " .live-responses-table').scrollIntoView()");
            browser.screenshot(Path.of("target", "docs-sent.png"));

            browser.evaluate(EVENTS + " .opblock-summary-control').click()");
            browser.await(EVENTS + " .responses-wrapper')");

            assertThat(browser.evaluate("String(" + EVENTS + " .try-out__btn'))"))
                    .isEqualTo("null");
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.requests())
                    .isNotEmpty()
                    .allSatisfy(url -> assertThat(url).matches("(http://localhost:" + port + "/|data:|blob:).*"));
            assertThat(browser.evaluate(
                            "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"))
                    .doesNotContain(key);
        }
    }

    @Test
    void showsItsPagesWithoutAComplaint() throws IOException {
        var program = Browser.installed();
        assumeThat(program).as("a browser on this machine").isPresent();
        try (Browser browser = Browser.start(program.orElseThrow())) {
            for (String page :
                    List.of("/problems", "/problems/no-consent", "/docs/sandbox-numbers", "/docs/webhooks")) {
                browser.open("http://localhost:" + port + page);
                browser.await("location.pathname === '" + page + "' && document.readyState === 'complete'");
                browser.screenshot(Path.of("target", page.substring(1).replace('/', '-') + ".png"));

                // Only with the style that the policy allows
                assertThat(browser.evaluate("getComputedStyle(document.querySelector('nav ul')).listStyleType"))
                        .isEqualTo("none");
                assertThat(browser.evaluate("String(document.querySelectorAll('h1').length)"))
                        .isEqualTo("1");
            }
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.requests())
                    .allSatisfy(url -> assertThat(url).matches("(http://localhost:" + port + "/|data:).*"));
        }
    }

    @Test
    void letsPagesLoadNothingFromElsewhere() {
        for (String page : List.of("/docs", "/problems")) {
            rest.client()
                    .get()
                    .uri(page)
                    .exchange()
                    .expectHeader()
                    .value(
                            "Content-Security-Policy",
                            policy -> assertThat(policy)
                                    .contains("default-src 'none'", "script-src 'self';")
                                    .doesNotContain("unsafe"));
        }
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private String text(String path) {
        byte[] body = rest.client()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return new String(body == null ? new byte[0] : body, StandardCharsets.UTF_8);
    }
}
