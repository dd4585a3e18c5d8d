// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.docs;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import eu.aval.server.access.DocsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contract, and what a partner reads in the first hour. Swagger UI comes from this server with everything it needs, and
 * a key that is given to it stays in the memory of the page.
 */
@Configuration(proxyBeanMethods = false)
class DocsPages {

    private static final MediaType YAML = MediaType.APPLICATION_YAML;
    private static final MediaType SCHEMA = MediaType.valueOf("application/schema+json");
    private static final MediaType PLAIN = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final String SWAGGER_UI = "classpath*:META-INF/resources/webjars/swagger-ui/*/";
    private static final Pattern MARKDOWN = Pattern.compile("`([^`]+)`|\\[([^]]+)]\\(([^)]+)\\)");

    private final Map<String, StaticFile> files = new HashMap<>();
    private final Map<String, Page> pages = new HashMap<>();

    DocsPages(DocsSettings settings, Links links, Contract contract, JsonMapper mapper) throws IOException {
        if (settings.enabled()) {
            files.put("/openapi.yaml", new StaticFile(YAML, contract.yaml()));
            files.put("/openapi.json", new StaticFile(MediaType.APPLICATION_JSON, contract.json()));
            var resources = new PathMatchingResourcePatternResolver();
            var script = MediaType.valueOf("text/javascript");
            var style = MediaType.valueOf("text/css");
            add(script, resources.getResources(SWAGGER_UI + "swagger-ui-bundle.js"));
            add(style, resources.getResources(SWAGGER_UI + "swagger-ui.css"));
            add(script, resources.getResources("classpath:docs/reference.js"));
            add(PLAIN, resources.getResources("classpath:openapi/aval.http"));
            add(MediaType.APPLICATION_JSON, resources.getResources("classpath:openapi/aval.postman_collection.json"));
            pages.put("/docs", start(links));
            pages.put("/docs/sandbox-numbers", sandbox(links, SandboxNumbers.read()));
            pages.put(
                    "/docs/webhooks",
                    webhooks(links, contract, mapper, resources.getResources("classpath*:webhooks/*.json")));
        }
    }

    @Bean
    RouterFunction<ServerResponse> docs() {
        var read = methods(HttpMethod.GET, HttpMethod.HEAD);
        return route().route(
                        read.and(path("/docs/")),
                        request -> ServerResponse.permanentRedirect(URI.create("/docs"))
                                .build())
                .route(
                        read.and(path("/docs")
                                .or(path("/docs/**"))
                                .or(path("/openapi.yaml"))
                                .or(path("/openapi.json"))),
                        this::answer)
                .build();
    }

    private Mono<ServerResponse> answer(ServerRequest request) {
        var page = pages.get(request.path());
        if (page != null) {
            return page.answer();
        }
        var file = files.get(request.path());
        return file == null ? ServerResponse.notFound().build() : file.answer(request);
    }

    private void add(MediaType type, Resource... resources) throws IOException {
        files.put("/docs/" + resources[0].getFilename(), new StaticFile(type, resources[0].getContentAsByteArray()));
    }

    private static Page start(Links links) {
        return new Page(Links.START, links.all(), """
                <link rel="stylesheet" href="/docs/swagger-ui.css">
                <script src="/docs/swagger-ui-bundle.js" defer></script><script src="/docs/reference.js" defer></script>
                """, Sources.text("/docs/start.html"));
    }

    private static Page sandbox(Links links, SandboxNumbers sandbox) {
        var numbers = sandbox.numbers().stream()
                .map(row ->
                        row("<code>+3363998%s</code>".formatted(row.get(0)), escaped(row.get(1)), escaped(row.get(2))))
                .collect(Collectors.joining());
        var failures = sandbox.failures().stream()
                .map(row -> row("<code>%s</code>".formatted(row.get(0)), "<code>%s</code>".formatted(row.get(1))))
                .collect(Collectors.joining());
        return new Page(
                Links.SANDBOX,
                links.all(),
                Sources.text("/docs/sandbox-numbers.html")
                        .replace("{numbers}", numbers)
                        .replace("{failures}", failures));
    }

    private Page webhooks(Links links, Contract contract, JsonMapper mapper, Resource... schemas) throws IOException {
        List<String> rows = new ArrayList<>();
        for (Resource schema : schemas) {
            var content = schema.getContentAsByteArray();
            var path = "/docs/webhooks/" + schema.getFilename();
            files.put(path, new StaticFile(SCHEMA, content));
            var described = mapper.readTree(content);
            rows.add(row(
                    "<a href=\"%s\"><code>%s</code></a>"
                            .formatted(path, escaped(described.path("title").asString())),
                    html(described.path("description").asString())));
        }
        var guide = Stream.of(contract.tag("webhooks").strip().split("\n\n"))
                .map(paragraph -> "<p>" + html(paragraph) + "</p>")
                .collect(Collectors.joining());
        return new Page(
                Links.WEBHOOKS,
                links.all(),
                Sources.text("/docs/webhooks.html")
                        .replace("{guide}", guide)
                        .replace("{events}", rows.stream().sorted().collect(Collectors.joining())));
    }

    private static String row(String first, String... others) {
        return "<tr><th scope=\"row\">" + first + "</th><td>" + String.join("</td><td>", others) + "</td></tr>\n";
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    /** The little Markdown that the contracts use: code and links. */
    private static String html(String markdown) {
        return MARKDOWN.matcher(escaped(markdown))
                .replaceAll(found -> found.group(1) == null ? "<a href=\"$3\">$2</a>" : "<code>$1</code>");
    }
}
