// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.AccessSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The GraphiQL page. Spring's own loads its scripts from a foreign server; this one works where there is no internet. */
@Configuration(proxyBeanMethods = false)
class GraphiqlPage {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " connect-src 'self'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    @Bean
    RouterFunction<ServerResponse> graphiql(AccessSettings settings, Environment environment) throws IOException {
        var resources = settings.showsGraphiql(environment) ? resources() : Map.<String, Resource>of();
        return RouterFunctions.route()
                .GET("/graphiql", request -> file(resources.get("index.html")))
                .GET("/graphiql/{name}", request -> file(resources.get(request.pathVariable("name"))))
                .build();
    }

    private static Mono<ServerResponse> file(@Nullable Resource resource) {
        return resource == null
                ? ServerResponse.notFound().build()
                : ServerResponse.ok()
                        .contentType(MediaTypeFactory.getMediaType(resource).orElse(MediaType.APPLICATION_OCTET_STREAM))
                        .header("Content-Security-Policy", POLICY)
                        .bodyValue(resource);
    }

    private static Map<String, Resource> resources() throws IOException {
        var own = Stream.of("index.html", "page.css", "page.js")
                .map(name -> (Resource) new ClassPathResource("graphiql/" + name));
        var jars = new PathMatchingResourcePatternResolver();
        return Stream.concat(
                        own,
                        Stream.of(
                                found(jars, "graphiql/*/graphiql.min.css"),
                                found(jars, "graphiql/*/graphiql.min.js"),
                                found(jars, "react/*/umd/react.production.min.js"),
                                found(jars, "react-dom/*/umd/react-dom.production.min.js")))
                .collect(Collectors.toUnmodifiableMap(
                        resource -> String.valueOf(resource.getFilename()), Function.identity()));
    }

    private static Resource found(PathMatchingResourcePatternResolver jars, String pattern) throws IOException {
        return List.of(jars.getResources("classpath*:META-INF/resources/webjars/" + pattern))
                .getFirst();
    }
}
