// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import eu.aval.server.access.DocsSettings;
import eu.aval.server.shared.ProblemType;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/**
 * The catalogue of errors, where the {@code type} of each problem leads (RFC 9457, section 3.1.1): one page for each code
 * and one with all. Open to everybody, made once at the start.
 */
@Configuration(proxyBeanMethods = false)
class ProblemPages {

    private static final String TEXTS = "/problems.properties";

    private final Map<String, Page> pages = new HashMap<>();

    ProblemPages(Links links) {
        Properties texts = texts();
        StringBuilder rows = new StringBuilder();
        for (ProblemType type : ProblemType.values()) {
            String text = texts.getProperty(type.name());
            if (text == null) {
                throw new IllegalStateException("No text for " + type + " in " + TEXTS);
            }
            String path = type.uri().getPath();
            pages.put(
                    path,
                    new Page(
                            type.title(),
                            links.all(),
                            "<p><code>%s</code> · status %d · %s</p><p>%s</p><p><a href=\"%s\">All errors</a></p>"
                                    .formatted(
                                            type,
                                            type.status(),
                                            type.isRetryable() ? "may be repeated" : "not to be repeated as it is",
                                            HtmlUtils.htmlEscape(text),
                                            DocsSettings.PROBLEMS)));
            rows.append("""
                    <tr><th scope="row"><a href="%s"><code>%s</code></a></th><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>
                    """.formatted(
                            path,
                            type,
                            type.status(),
                            type.isRetryable() ? "yes" : "no",
                            HtmlUtils.htmlEscape(type.title()),
                            HtmlUtils.htmlEscape(text)));
        }
        pages.put(DocsSettings.PROBLEMS, new Page(Links.ERRORS, links.all(), """
                <p>Answers to what cannot be done are <code>application/problem+json</code> (RFC 9457); <code>type</code> leads to one of these
                pages. Codes are stable; programs decide by them and by <code>retryable</code>, never by a text. GraphQL has the same codes in
                <code>extensions.code</code>.</p>
                <table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Retryable</th><th scope="col">Title</th>
                <th scope="col">What it means, and what to do</th></tr></thead><tbody>
                """ + rows + "</tbody></table>"));
    }

    @Bean
    RouterFunction<ServerResponse> problems() {
        return route(
                methods(HttpMethod.GET, HttpMethod.HEAD)
                        .and(path(DocsSettings.PROBLEMS).or(path(DocsSettings.PROBLEMS + "/{type}"))),
                request -> answer(request.path()));
    }

    private Mono<ServerResponse> answer(String path) {
        Page page = pages.get(path);
        return page == null ? ServerResponse.notFound().build() : page.answer();
    }

    private static Properties texts() {
        try {
            Properties texts = new Properties();
            texts.load(new StringReader(Sources.text(TEXTS)));
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
