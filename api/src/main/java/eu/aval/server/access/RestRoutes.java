// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.Application.Scope;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The operations that a feature adds to the REST interface, each with the scope it needs. A feature gives one bean of
 * this type; there is no other way into {@code /v1}, so no operation can be reached without a key and a scope.
 *
 * <p>A handler gets its caller by {@link Application#of} and answers with a {@link ServerResponse} or an error signal: a
 * {@link eu.aval.server.shared.Problem} is told to the caller, anything else is an internal error.
 */
public final class RestRoutes {

    /** @param answer what it answers with when it goes well */
    record Route(
            HttpMethod method,
            PathPattern path,
            Scope scope,
            MediaType answer,
            HandlerFunction<ServerResponse> handler) {}

    private final List<Route> routes = new ArrayList<>();

    private RestRoutes() {}

    public static RestRoutes of() {
        return new RestRoutes();
    }

    /** @param path below {@code /v1}, as {@code /v1/messages/{id}} */
    public RestRoutes get(String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(HttpMethod.GET, path, scope, handler);
    }

    /** Answers with server-sent events, as long as its caller stays. */
    public RestRoutes stream(String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(HttpMethod.GET, path, scope, MediaType.TEXT_EVENT_STREAM, handler);
    }

    /** @param path below {@code /v1}, as {@code /v1/messages/{id}/cancel} */
    public RestRoutes post(String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(HttpMethod.POST, path, scope, handler);
    }

    /** @param path below {@code /v1}, as {@code /v1/webhook-endpoints/{id}} */
    public RestRoutes put(String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(HttpMethod.PUT, path, scope, handler);
    }

    /** @param path below {@code /v1}, as {@code /v1/webhook-endpoints/{id}} */
    public RestRoutes delete(String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(HttpMethod.DELETE, path, scope, handler);
    }

    private RestRoutes add(HttpMethod method, String path, Scope scope, HandlerFunction<ServerResponse> handler) {
        return add(method, path, scope, MediaType.APPLICATION_JSON, handler);
    }

    private RestRoutes add(
            HttpMethod method, String path, Scope scope, MediaType answer, HandlerFunction<ServerResponse> handler) {
        if (!path.startsWith("/v1/")) {
            throw new IllegalArgumentException("A path of the REST interface starts with /v1/, this does not: " + path);
        }
        routes.add(new Route(method, PathPatternParser.defaultInstance.parse(path), scope, answer, handler));
        return this;
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }
}
