// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import eu.aval.server.shared.ProblemType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
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

    static final String PATH = "/problems";

    private static final String TEXTS = "/problems.properties";

    private final Map<String, String> pages = new HashMap<>();

    ProblemPages() {
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
                    page(
                            type.title(),
                            "<p><code>%s</code> · status %d · %s</p><p>%s</p><p><a href=\"%s\">All errors</a></p>"
                                    .formatted(
                                            type,
                                            type.status(),
                                            type.isRetryable() ? "may be repeated" : "not to be repeated as it is",
                                            HtmlUtils.htmlEscape(text),
                                            PATH)));
            rows.append("<tr><td><a href=\"%s\"><code>%s</code></a></td><td>%d</td><td>%s</td></tr>%n"
                    .formatted(path, type, type.status(), HtmlUtils.htmlEscape(type.title())));
        }
        pages.put(
                PATH,
                page(
                        "Errors",
                        "<p>Codes are stable; programs decide by them and never by a text.</p>"
                                + "<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>"
                                + rows
                                + "</tbody></table>"));
    }

    @Bean
    RouterFunction<ServerResponse> problems() {
        return route().GET(PATH, request -> answer(PATH))
                .GET(PATH + "/{type}", request -> answer(request.path()))
                .build();
    }

    private Mono<ServerResponse> answer(String path) {
        String page = pages.get(path);
        return page == null
                ? ServerResponse.notFound().build()
                : ServerResponse.ok()
                        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                        .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                        .cacheControl(CacheControl.maxAge(Duration.ofHours(1)))
                        .bodyValue(page);
    }

    private static String page(String title, String content) {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%1$s - Aval</title>
                <style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f}
                table{border-collapse:collapse;width:100%%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
                code{font-size:.9em}a{color:#0b57d0}</style></head>
                <body><main><h1>%1$s</h1>%2$s</main></body></html>
                """.formatted(HtmlUtils.htmlEscape(title), content);
    }

    private static Properties texts() {
        var stream = ProblemPages.class.getResourceAsStream(TEXTS);
        if (stream == null) {
            throw new IllegalStateException(TEXTS + " is missing");
        }
        try (var reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            Properties texts = new Properties();
            texts.load(reader);
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
