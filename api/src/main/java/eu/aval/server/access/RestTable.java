// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.RestRoutes.Route;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;

/** All operations of the REST interface, found by path and method. */
final class RestTable {

    /**
     * What stands at a path.
     *
     * @param route null when there is nothing, or nothing for this method
     * @param variables of the path, as {@code id}
     * @param methods that exist at this path
     */
    record Match(@Nullable Route route, Map<String, String> variables, Collection<HttpMethod> methods) {

        static final Match NOTHING = new Match(null, Map.of(), List.of());

        /** Why there is no route; adds {@code Allow} where it helps. */
        Problem refusal(HttpHeaders headers) {
            if (methods.isEmpty()) {
                return new Problem(ProblemType.NOT_FOUND, "There is nothing at this path");
            }
            var allowed = methods.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
            headers.set(HttpHeaders.ALLOW, allowed);
            return new Problem(ProblemType.METHOD_NOT_ALLOWED, "Only " + allowed + " exist at this path");
        }
    }

    private record Place(PathPattern pattern, Map<HttpMethod, Route> routes) {}

    private final Map<String, Place> literals = new HashMap<>();
    private final List<Place> patterns;

    RestTable(List<RestRoutes> features) {
        Map<String, Place> variables = new HashMap<>();
        for (var route :
                features.stream().flatMap(feature -> feature.routes().stream()).toList()) {
            var path = route.path().getPatternString();
            var places = route.path().hasPatternSyntax() ? variables : literals;
            var place = places.computeIfAbsent(path, key -> new Place(route.path(), new HashMap<>()));
            if (place.routes().putIfAbsent(route.method(), route) != null) {
                throw new IllegalStateException("Two operations for " + route.method() + " " + path);
            }
        }
        patterns = variables.values().stream()
                .sorted((a, b) -> a.pattern().compareTo(b.pattern()))
                .toList();
    }

    Match find(ServerHttpRequest request) {
        var literal = literals.get(request.getURI().getRawPath());
        if (literal != null) {
            return match(literal, request.getMethod(), Map.of());
        }
        var path = request.getPath().pathWithinApplication();
        for (var place : patterns) {
            var info = place.pattern().matchAndExtract(path);
            if (info != null) {
                return match(place, request.getMethod(), info.getUriVariables());
            }
        }
        return Match.NOTHING;
    }

    private static Match match(Place place, HttpMethod method, Map<String, String> variables) {
        return new Match(place.routes().get(method), variables, place.routes().keySet());
    }
}
