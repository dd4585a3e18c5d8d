// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** A page that brings its style along, runs no foreign script and loads nothing from elsewhere. */
final class Page {

    private static final String STYLE = Sources.text("/docs/page.css");

    /** Scripts, further styles and requests are this server's own; without a script the page has none. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' '%s'; img-src 'self' data:;"
                            .formatted(digest(STYLE))
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final CacheControl AN_HOUR =
            CacheControl.maxAge(Duration.ofHours(1)).cachePublic();

    private final String html;

    /**
     * @param links where else to go, by what is said of it
     * @param head what else stands in the head, as HTML
     * @param content what stands below the title, as HTML
     */
    Page(String title, Map<String, String> links, String head, String content) {
        html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s - Aval</title><link rel="icon" href="data:,">
                <style>%2$s</style>%3$s</head>
                <body><a class="skip" href="#content">Skip to the content</a>%4$s
                <main id="content"><h1>%1$s</h1>%5$s</main></body></html>
                """.formatted(HtmlUtils.htmlEscape(title), STYLE, head, navigation(links, title), content);
    }

    Page(String title, Map<String, String> links, String content) {
        this(title, links, "", content);
    }

    Mono<ServerResponse> answer() {
        return ServerResponse.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .cacheControl(AN_HOUR)
                .bodyValue(html);
    }

    private static String navigation(Map<String, String> links, String here) {
        return links.isEmpty()
                ? ""
                : links.entrySet().stream()
                        .map(link -> "<li><a href=\"%s\"%s>%s</a></li>"
                                .formatted(
                                        link.getValue(),
                                        link.getKey().equals(here) ? " aria-current=\"page\"" : "",
                                        HtmlUtils.htmlEscape(link.getKey())))
                        .collect(Collectors.joining("", "<nav aria-label=\"Documentation\"><ul>", "</ul></nav>"));
    }

    private static String digest(String style) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
